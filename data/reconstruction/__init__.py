"""The embedded study: simulated patients that agree with the published totals of NCT04014166.

No value of any patient of the trial is public. `python -m data.reconstruction` therefore simulates
patients, from one fixed seed, whose totals equal every published fact
(`data/studies/NCT04014166/facts.toml`); all else in them is made up. One module has one job:

    study         names and doses of the trial, and the random streams
    patients      who takes part: ADSL
    visits        when each patient is seen, and what is missed
    therapy       infusions, rescue and other therapies: ADEX, ADCM
    platelets     counts and bleeding grades, drawn until they follow the patient's planned course
    response      the IWG 2009 response, which the planned courses are judged by
    laboratory    all laboratory records: ADLB
    events        adverse events: ADAE
    writing       tables to Parquet files, whole or not at all
"""
