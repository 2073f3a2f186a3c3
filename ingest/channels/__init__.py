"""Where files are handed in, apart from the upload over HTTP itself: one listing for local folders and buckets.

`places.py` lists what lies there and says who sent it, `settling.py` leaves alone what is still being written,
`names.py` says which names are safe, `parcels.py` takes apart a package with a manifest, `seen.py` remembers objects.

| channel | place | whose file it is |
| --- | --- | --- |
| folder | JIHENG_INBOX, a local folder | nobody says |
| bucket | the same as a URL like s3://bucket/prefix | the first folder, where it is a division's key |
| drop | JIHENG_DROP or the inbox: a folder for each division | the folder's division |
| upload | JIHENG_HOME/uploads/division_key/upload_id | the division that uploaded it |
| package | a member of a package with a manifest | whoever sent the package |

All of them belong to those who hand files in: Jiheng reads there and never moves, changes or deletes anything.
"""
