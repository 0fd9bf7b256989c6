#include <filesystem>
#include <ostream>

#include <nlohmann/json.hpp>

#include <vitals/cli/cli.h>

#include "line_source.h"
#include "numbers.h"
#include "progress.h"
#include "upload.h"

namespace vitals::cli {
namespace {

struct Totals {
  std::uint64_t accepted = 0;
  std::uint64_t duplicates = 0;
  std::uint64_t rejected = 0;

  void add(const Receipt& receipt) {
    accepted += receipt.accepted;
    duplicates += receipt.duplicates;
    rejected += receipt.rejected;
  }
};

std::string count_text(std::uint64_t count) {
  return with_separators(static_cast<std::int64_t>(count));
}

/// `runs.ndjson:17: quality.clarity: must be a number from 0 to 10`
void print_refusals(Session& session, const std::string& file, const LineBatch& batch,
                    const Receipt& receipt) {
  for (const Receipt::Refusal& refusal : receipt.refusals) {
    session.console.err << file << ':' << batch.first_line + refusal.line - 1 << ": ";
    if (!refusal.field.empty()) session.console.err << refusal.field << ": ";
    session.console.err << refusal.reason << '\n';
  }
  const std::uint64_t named = receipt.refusals.size();
  if (receipt.rejected > named) {
    session.console.err << file << ": " << count_text(receipt.rejected - named)
                        << " more refused among lines " << batch.first_line << " to "
                        << batch.first_line + batch.lines - 1 << '\n';
  }
}

/// Where an import stopped, and what a second run does.
Error stopped(const std::string& file, const LineBatch& batch, const Error& error) {
  return {error.code, file + ": stopped before line " + std::to_string(batch.first_line) + ": " +
                          error.message +
                          "\nWhat was sent before is stored. Run the same import again to go on: "
                          "events with an id are counted once."};
}

Status import_file(Session& session, const std::string& file, bool backfill, Totals& totals) {
  auto source = LineSource::open(file);
  if (!source) return source.error();
  const std::string name = file == "-" ? "standard input" : file;
  const std::string title = std::filesystem::path(name).filename().string();
  Progress progress(session.console);
  LineBatch batch;
  while (true) {
    const auto more = read_batch(*source, batch);
    if (!more) return Error{more.error().code, name + ": " + more.error().message};
    if (!*more) return {};
    const auto receipt = upload(session, batch.body, backfill);
    if (!receipt) return stopped(name, batch, receipt.error());
    totals.add(*receipt);
    if (receipt->rejected > 0) {
      progress.clear();
      print_refusals(session, name, batch, *receipt);
    }
    progress.show(title, source->progress(), source->lines());
  }
}

void print_totals(Session& session, const Totals& totals, std::int64_t elapsed_us) {
  if (session.json) {
    session.console.out << nlohmann::ordered_json{{"accepted", totals.accepted},
                                                  {"duplicates", totals.duplicates},
                                                  {"rejected", totals.rejected}}
                        << '\n';
    return;
  }
  const std::uint64_t all = totals.accepted + totals.duplicates + totals.rejected;
  const double seconds = static_cast<double>(elapsed_us) / 1e6;
  session.console.out << count_text(totals.accepted) << " accepted, "
                      << count_text(totals.duplicates) << " duplicates, "
                      << count_text(totals.rejected) << " refused in " << format_number(seconds)
                      << " s";
  if (seconds > 0) {
    const auto rate = static_cast<std::int64_t>(static_cast<double>(all) / seconds);
    session.console.out << " (" << with_separators(rate) << " per second)";
  }
  session.console.out << '\n';
}

}  // namespace

int import_files(Session& session, const ImportArguments& arguments) {
  Totals totals;
  const std::int64_t start_us = session.clock.monotonic_us();
  for (const std::string& file : arguments.files) {
    const Status imported = import_file(session, file, arguments.backfill, totals);
    if (imported) continue;
    print_totals(session, totals, session.clock.monotonic_us() - start_us);
    return fail(session, imported.error());
  }
  print_totals(session, totals, session.clock.monotonic_us() - start_us);
  return totals.rejected == 0 ? kDone : kFailed;
}

}  // namespace vitals::cli
