// DuckDB in the browser, for the SQL page: a classic script, because pages may not be modules.
import { AsyncDuckDB, DuckDBDataProtocol, VoidLogger, selectBundle } from '@duckdb/duckdb-wasm';

window.jihengDuckdb = { AsyncDuckDB, DuckDBDataProtocol, VoidLogger, selectBundle };
