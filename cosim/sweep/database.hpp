// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace assay::sweep {

/// A prepared statement; bind() values in order, step() through the rows.
class Statement {
 public:
  Statement(sqlite3* database, std::string_view sql);

  template <class... Values>
  Statement& bind(const Values&... values) {
    sqlite3_reset(statement_.get());
    int place = 0;
    (set(++place, values), ...);
    return *this;
  }
  bool step();  ///< false behind the last row. Throws StorageError.
  void run() {
    while (step()) {
    }
  }
  int64_t integer(int column) const { return sqlite3_column_int64(statement_.get(), column); }
  double real(int column) const { return sqlite3_column_double(statement_.get(), column); }
  std::string text(int column) const;
  bool is_null(int column) const { return sqlite3_column_type(statement_.get(), column) == SQLITE_NULL; }

 private:
  void set(int place, int64_t value);
  void set(int place, uint64_t value) { set(place, static_cast<int64_t>(value)); }
  void set(int place, uint32_t value) { set(place, static_cast<int64_t>(value)); }
  void set(int place, int value) { set(place, static_cast<int64_t>(value)); }
  void set(int place, double value);
  void set(int place, const std::string& value);
  void set(int place, const char* value) { set(place, std::string(value)); }
  void set(int place, std::nullptr_t);

  struct Closer {
    void operator()(sqlite3_stmt* s) const { sqlite3_finalize(s); }
  };
  std::unique_ptr<sqlite3_stmt, Closer> statement_;
};

/// The results of runs in one file. Only the collector writes it; rollback journal, so it also stands on network file systems.
class Database {
 public:
  /// Makes or opens it. Throws StorageError, also for a file that is no database of ours.
  explicit Database(const std::filesystem::path& file);

  Statement prepare(std::string_view sql) { return {handle_.get(), sql}; }
  void execute(const std::string& sql);

 private:
  struct Closer {
    void operator()(sqlite3* d) const { sqlite3_close_v2(d); }
  };
  std::unique_ptr<sqlite3, Closer> handle_;
};

/// All or nothing: rolls back unless commit() was reached.
class Transaction {
 public:
  explicit Transaction(Database& database) : database_(database) { database_.execute("BEGIN IMMEDIATE"); }
  ~Transaction();
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  void commit();

 private:
  Database& database_;
  bool open_ = true;
};

}  // namespace assay::sweep
