"""Files as people bring them."""

ACCOUNTS = """\
account,sector,year_established,revenue,employees,office_location,subsidiary_of
Acme Corporation,technolgy,1996,1100.04,2822,United States,
Betasoloin,medical,1999,251.41,495,United States,
Bluth Company,technology,1993,1242.32,3027,United States,Acme Corporation
Bioholding,medical,2012,587.34,1356,Philipines,
Cheers,entertainment,1993,4269.9,6472,United States,Massive Dynamic
Codehow,software,1998,2714.9,2641,United States,Acme Corporation
dambase,marketing,1990,2173.98,2928,United States,Inity
Inity,marketing,1986,2403.58,8801,United States,
Massive Dynamic,entertainment,1989,665.06,1095,United States,
Conecom,technolgy,2005,1520.66,1806,Korea,
"""
