"""The embedded study: simulated patients that agree with the published totals of NCT04014166.

No individual patient data of the trial are public. `python -m data.reconstruction` therefore
simulates patients, from one fixed seed, whose totals equal every published fact
(`data/studies/NCT04014166/facts.toml`); everything else about them is invented. The modules:

    study         names and doses of the trial, days, flags, and streams of random numbers
    patients      who takes part: ADSL
    visits        when each patient is seen, and what is missed
    therapy       infusions, rescue and other therapies: ADEX, ADCM
    response      the IWG 2009 response, which the plans are written in
    plans         the planned course of each patient's platelet count
    platelets     counts and bleeding grades, drawn until they follow the plan
    laboratory    all laboratory records: ADLB
    events        adverse events: ADAE
    writing       tables to Parquet files, all of them or none
"""
