// SPDX-License-Identifier: Apache-2.0
#include "cosim/sweep/collector.hpp"

#include "cosim/common/json.hpp"
#include "cosim/sweep/storage.hpp"

namespace assay::sweep {
namespace {

void describe(Database& database, const Manifest& manifest, const std::string& run) {
  Transaction all(database);
  const std::string date = manifest.host.value("date", "");
  database.prepare("INSERT OR IGNORE INTO runs(run, manifest, suite, started, state) VALUES(?,?,?,?,'running')")
      .bind(run, manifest.hash(), manifest.suite, date)
      .run();
  Statement build = database.prepare("INSERT OR IGNORE INTO builds VALUES(?,?,?,?)");
  for (const Build& one : manifest.builds) build.bind(run, one.config, one.hash, manifest.sources).run();
  Statement add = database.prepare("INSERT OR IGNORE INTO cases VALUES(?,?,?,?,?,?,?)");
  for (size_t c = 0; c < manifest.cases.size(); ++c) {
    const Case& one = manifest.cases[c];
    add.bind(run, uint64_t{c}, one.test, one.config, one.stall, one.stage, Json(one.tags).dump()).run();
  }
  all.commit();
}

}  // namespace

Collector::Collector(Database& database, const Manifest& manifest, std::string run)
    : database_(database),
      run_((describe(database, manifest, run), std::move(run))),
      result_(database.prepare("INSERT INTO results VALUES(?,?,?,?,?,?,?,?,?)")),
      failure_(database.prepare("INSERT INTO failures VALUES(?,?,?,?,?,?,?)")),
      shard_(database.prepare("INSERT INTO shards VALUES(?,?,?,?)")),
      find_(database.prepare("SELECT 1 FROM shards WHERE run=? AND shard=? AND chunk=?")) {}

bool Collector::has(Chunk chunk) {
  const bool found = find_.bind(run_, chunk.shard, chunk.number).step();
  find_.bind(run_);  // ends the read
  return found;
}

void Collector::add_line(const std::string& line) {
  const Json json = parse_json(line);
  const auto index = json.at("i").get<uint64_t>();
  const uint64_t seed = std::stoull(json.at("seed").get<std::string>(), nullptr, 16);
  const auto verdict = json.at("verdict").get<std::string>();
  result_
      .bind(run_, index, json.at("case").get<uint64_t>(), seed, verdict, json.at("cycles").get<uint64_t>(), json.at("compared").get<uint64_t>(),
            json.at("hash").get<std::string>(), json.at("host").at("seconds").get<double>())
      .run();
  if (verdict == "pass" || verdict == "skipped") return;
  const Json& signature = json.at("signature");
  const auto coarse = signature.at("coarse").get<std::string>();
  const auto fine = signature.at("fine").is_null() ? coarse : signature.at("fine").get<std::string>();
  failure_.bind(run_, index, coarse, fine, json.at("reason").get<std::string>(), json.at("reproduce").get<std::string>(), json.value("token", "")).run();
}

bool Collector::add(Chunk chunk, const ChunkFiles::Lines& lines) {
  Transaction all(database_);
  if (has(chunk)) return false;
  const auto damaged = [chunk](const std::string& what) {
    return StorageError("chunk " + std::to_string(chunk.number) + " of shard " + std::to_string(chunk.shard) + " has a line that is no result: " + what);
  };
  try {
    for (const auto& [index, line] : lines) add_line(line);
  } catch (const Json::exception& error) {
    throw damaged(error.what());
  } catch (const std::logic_error&) {  // of stoull
    throw damaged("its seed is no number");
  }
  shard_.bind(run_, chunk.shard, chunk.number, uint64_t{lines.size()}).run();
  all.commit();
  return true;
}

void Collector::drop(Chunk chunk, const Plan& plan) {
  Transaction all(database_);
  database_.prepare("DELETE FROM shards WHERE run=? AND shard=? AND chunk=?").bind(run_, chunk.shard, chunk.number).run();
  Statement result = database_.prepare("DELETE FROM results WHERE run=? AND i=?"), failure = database_.prepare("DELETE FROM failures WHERE run=? AND i=?");
  for (const uint64_t index : plan.indices(chunk)) {
    result.bind(run_, index).run();
    failure.bind(run_, index).run();
  }
  all.commit();
}

uint64_t Collector::failure_kinds() {
  Statement count = database_.prepare("SELECT count(DISTINCT fine) FROM failures WHERE run=?");
  count.bind(run_).step();
  return static_cast<uint64_t>(count.integer(0));
}

void Collector::count() {
  database_
      .prepare(
          "UPDATE runs SET vectors=(SELECT count(*) FROM results r WHERE r.run=runs.run), failed=(SELECT count(*) FROM failures f WHERE f.run=runs.run) "
          "WHERE run=?")
      .bind(run_)
      .run();
}

void Collector::set_state(const std::string& state, double more_seconds) {
  database_.prepare("UPDATE runs SET state=?, seconds=seconds+? WHERE run=?").bind(state, more_seconds, run_).run();
  count();
}

}  // namespace assay::sweep
