#include <ostream>

#include <nlohmann/json.hpp>

#include <vitals/cli/cli.h>
#include <vitals/store/backup.h>

#include "numbers.h"
#include "query_string.h"
#include "session.h"

namespace vitals::cli {
namespace {

/// Onto another file system everything is copied, which can be much.
constexpr DurationMs kBackupTimeoutMs = 24LL * 3'600'000;

}  // namespace

int make_backup(Session& session, const std::string& name) {
  QueryString query;
  query.add_given("name", name);
  const auto answer = session.server.post("/api/v1/admin/backup" + query.text(), "text/plain", "",
                                          kBackupTimeoutMs);
  return show_answer(session, answer, [&session](const nlohmann::ordered_json& made) {
    session.console.out << "backup " << made.at("backup").get<std::string>()
                        << " made: " << format_bytes(made.at("bytes").get<double>()) << '\n';
  });
}

int restore(Session& session, const RestoreArguments& arguments) {
  const Status restored = store::restore_backup(arguments.backup, arguments.data_dir);
  if (!restored) return fail(session, {Errc::io, restored.error().message});
  session.console.err << "restored into " << arguments.data_dir << ", verifying\n";
  return verify(session, {arguments.data_dir, arguments.config, false});
}

}  // namespace vitals::cli
