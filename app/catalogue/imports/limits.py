"""What one upload may hold (OWASP ASVS 5.0, 5.1.1: documented; docs/imports.md prints the same)."""

FILE_BYTES = 10 * 1024 * 1024
UNPACKED_BYTES = 50 * 1024 * 1024
UNPACKED_RATIO = 100
ENTRIES = 200  # files inside an .xlsx or .ods
ROWS = 20_000  # below the header
COLUMNS = 64  # that hold something
RAW_COLUMNS = 1024  # before the empty ones are left out
CELL = 20_000  # characters; as long as a listing may be
MEMORY_BYTES = 1024 * 1024 * 1024  # of the process that reads the file
CPU_SECONDS = 30
WALL_SECONDS = 60.0  # the same on a machine that has other things to do
PICTURES = 60  # beside one sheet
BODY_BYTES = 80 * 1024 * 1024  # a whole upload, sheet and pictures
BODY_SECONDS = 180.0  # for a whole upload to come in; a slower one is ended
UPLOADS_AN_HOUR = 60  # of one shop
