// SPDX-License-Identifier: Apache-2.0
#include "cosim/sweep/database.hpp"

#include "cosim/sweep/storage.hpp"

namespace assay::sweep {
namespace {

constexpr int kSchemaVersion = 1;
constexpr int kBusyMilliseconds = 10'000;

constexpr const char* kTables = R"(
CREATE TABLE IF NOT EXISTS runs(run TEXT PRIMARY KEY, manifest TEXT NOT NULL, suite TEXT NOT NULL, started TEXT NOT NULL, state TEXT NOT NULL,
  seconds REAL NOT NULL DEFAULT 0, vectors INTEGER NOT NULL DEFAULT 0, failed INTEGER NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS builds(run TEXT NOT NULL, config TEXT NOT NULL, hash TEXT NOT NULL, sources TEXT NOT NULL, PRIMARY KEY(run, config));
CREATE TABLE IF NOT EXISTS cases(run TEXT NOT NULL, id INTEGER NOT NULL, test TEXT NOT NULL, config TEXT NOT NULL, stall TEXT, stage TEXT, tags TEXT NOT NULL,
  PRIMARY KEY(run, id)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS shards(run TEXT NOT NULL, shard INTEGER NOT NULL, chunk INTEGER NOT NULL, vectors INTEGER NOT NULL, PRIMARY KEY(run, shard, chunk))
  WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS results(run TEXT NOT NULL, i INTEGER NOT NULL, case_id INTEGER NOT NULL, seed INTEGER NOT NULL, verdict TEXT NOT NULL,
  cycles INTEGER NOT NULL, compared INTEGER NOT NULL, hash TEXT NOT NULL, seconds REAL NOT NULL, PRIMARY KEY(run, i)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS failures(run TEXT NOT NULL, i INTEGER NOT NULL, coarse TEXT NOT NULL, fine TEXT NOT NULL, reason TEXT NOT NULL, reproduce TEXT NOT NULL,
  token TEXT, PRIMARY KEY(run, i)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS buckets(suite TEXT NOT NULL, fine TEXT NOT NULL, coarse TEXT NOT NULL, state TEXT NOT NULL, first_run TEXT NOT NULL,
  last_run TEXT NOT NULL, PRIMARY KEY(suite, fine)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS run_buckets(run TEXT NOT NULL, fine TEXT NOT NULL, coarse TEXT NOT NULL, state TEXT NOT NULL, failures INTEGER NOT NULL,
  first_i INTEGER NOT NULL, PRIMARY KEY(run, fine)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS artifacts(run TEXT NOT NULL, fine TEXT NOT NULL, i INTEGER NOT NULL, path TEXT NOT NULL, bytes INTEGER NOT NULL,
  reproduced INTEGER NOT NULL, PRIMARY KEY(run, i)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS shrunk(run TEXT NOT NULL, i INTEGER NOT NULL, path TEXT NOT NULL, text TEXT NOT NULL, PRIMARY KEY(run, i)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS coverage_bins(run TEXT NOT NULL, config TEXT NOT NULL, bin TEXT NOT NULL, hits INTEGER NOT NULL, first_i INTEGER,
  PRIMARY KEY(run, config, bin)) WITHOUT ROWID;
)";

[[noreturn]] void fail(sqlite3* database, const std::string& what) {
  throw StorageError("database: " + what + ": " + (database == nullptr ? "no memory" : sqlite3_errmsg(database)));
}

}  // namespace

Statement::Statement(sqlite3* database, std::string_view sql) {
  sqlite3_stmt* made = nullptr;
  if (sqlite3_prepare_v2(database, sql.data(), static_cast<int>(sql.size()), &made, nullptr) != SQLITE_OK) fail(database, std::string(sql));
  statement_.reset(made);
}

bool Statement::step() {
  const int code = sqlite3_step(statement_.get());
  if (code == SQLITE_ROW) return true;
  if (code != SQLITE_DONE) fail(sqlite3_db_handle(statement_.get()), "cannot be read or written");
  return false;
}

std::string Statement::text(int column) const {
  const unsigned char* bytes = sqlite3_column_text(statement_.get(), column);
  return bytes == nullptr ? "" : std::string(reinterpret_cast<const char*>(bytes), static_cast<size_t>(sqlite3_column_bytes(statement_.get(), column)));
}

void Statement::set(int place, int64_t value) { sqlite3_bind_int64(statement_.get(), place, value); }
void Statement::set(int place, double value) { sqlite3_bind_double(statement_.get(), place, value); }
void Statement::set(int place, const std::string& value) {
  sqlite3_bind_text(statement_.get(), place, value.data(), static_cast<int>(value.size()), SQLITE_TRANSIENT);
}
void Statement::set(int place, std::nullptr_t) { sqlite3_bind_null(statement_.get(), place); }

Database::Database(const std::filesystem::path& file) {
  sqlite3* made = nullptr;
  const int code = sqlite3_open_v2(file.c_str(), &made, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, nullptr);
  handle_.reset(made);
  if (code != SQLITE_OK) fail(made, file.string() + " cannot be opened");
  sqlite3_busy_timeout(made, kBusyMilliseconds);
  Statement version = prepare("PRAGMA user_version");
  version.step();
  const int64_t found = version.integer(0);
  if (found > kSchemaVersion)
    throw StorageError("database: " + file.string() + " was written by a newer assay, expected version " + std::to_string(kSchemaVersion));
  version.run();
  execute(kTables);
  if (found == 0) execute("PRAGMA user_version = " + std::to_string(kSchemaVersion));
}

void Database::execute(const std::string& sql) {
  if (sqlite3_exec(handle_.get(), sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) fail(handle_.get(), "cannot be read or written");
}

Transaction::~Transaction() {
  if (!open_) return;
  try {
    database_.execute("ROLLBACK");
  } catch (const StorageError&) {  // sqlite has rolled back by itself
  }
}

void Transaction::commit() {
  database_.execute("COMMIT");
  open_ = false;
}

}  // namespace assay::sweep
