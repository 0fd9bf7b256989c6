#include <fstream>
#include <ostream>

#include <nlohmann/json.hpp>

#include <vitals/cli/cli.h>

#include "numbers.h"
#include "progress.h"
#include "query_string.h"
#include "session.h"

namespace vitals::cli {
namespace {

using Json = nlohmann::ordered_json;

std::string page_path(const ExportArguments& arguments, const std::string& cursor) {
  QueryString query;
  query.add_given("from", arguments.from);
  query.add_given("to", arguments.to);
  for (const std::string& filter : arguments.filters) query.add("filter", filter);
  query.add("limit", "10000");
  query.add_given("cursor", cursor);
  return "/api/v1/executions" + query.text();
}

/// Writes one page as NDJSON; returns the next cursor, empty at the end.
Result<std::string> write_page(Session& session, const std::string& path, std::ostream& out,
                               std::uint64_t& written) {
  const auto body = session.server.get(path);
  if (!body) return body.error();
  const auto document = parse_document(*body);
  if (!document) return document.error();
  const Json executions = document->value("executions", Json());
  if (!executions.is_array()) {
    return Error{Errc::corruption, "the daemon's answer has no executions"};
  }
  for (const Json& execution : executions) out << execution << '\n';
  written += executions.size();
  const Json cursor = document->value("next_cursor", Json());
  return cursor.is_string() ? cursor.get<std::string>() : std::string();
}

Status write_all(Session& session, const ExportArguments& arguments, std::ostream& out,
                 std::uint64_t& written) {
  Progress progress(session.console);
  std::string cursor;
  do {
    auto next = write_page(session, page_path(arguments, cursor), out, written);
    if (!next) return next.error();
    if (!out) return Error{Errc::io, "the output cannot be written"};
    cursor = *std::move(next);
    progress.show("exported", -1, written);
  } while (!cursor.empty());
  return {};
}

}  // namespace

int export_executions(Session& session, const ExportArguments& arguments) {
  const bool to_file = !arguments.out.empty() && arguments.out != "-";
  std::ofstream file;
  if (to_file) {
    file.open(arguments.out, std::ios::binary | std::ios::trunc);
    if (!file) return fail(session, {Errc::io, arguments.out + ": cannot be written"});
  }
  std::ostream& out = to_file ? file : session.console.out;
  std::uint64_t written = 0;
  Status status = write_all(session, arguments, out, written);
  out.flush();
  if (status && !out) status = Error{Errc::io, "the output cannot be written"};
  if (!status) {
    return fail(session,
                {status.error().code, status.error().message + " (the export is incomplete)"});
  }
  session.console.err << with_separators(static_cast<std::int64_t>(written))
                      << " executions exported\n";
  return kDone;
}

}  // namespace vitals::cli
