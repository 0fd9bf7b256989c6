#include <ostream>

#include <nlohmann/json.hpp>

#include <vitals/cli/cli.h>
#include <vitals/config/rule_files.h>

#include "metric_options.h"
#include "rule_commands.h"

namespace vitals::cli {
namespace {

std::string counted(std::size_t number, const char* what) {
  return std::to_string(number) + ' ' + what + (number == 1 ? "" : "s");
}

}  // namespace

int check_rules(Session& session, const CheckRulesArguments& arguments) {
  const auto options = metric_options(arguments.config);
  if (!options) return fail(session, options.error());
  const config::RuleFiles files = config::read_rule_files(arguments.files, *options);
  const int status = files.problems.empty() ? kDone : kFailed;
  std::ostream& out = session.console.out;
  if (session.json) {
    out << nlohmann::ordered_json{{"files", arguments.files.size()},
                                  {"rules", files.rules.size()},
                                  {"problems", files.problems},
                                  {"warnings", files.warnings}}
        << '\n';
    return status;
  }
  for (const std::string& problem : files.problems) {
    out << toned("error", Tone::bad, session.console.color) << "    " << problem << '\n';
  }
  for (const std::string& warning : files.warnings) {
    out << toned("warning", Tone::warning, session.console.color) << "  " << warning << '\n';
  }
  out << counted(files.rules.size(), "rule") << " in " << counted(arguments.files.size(), "file")
      << ": ";
  if (status == kDone && files.warnings.empty()) {
    out << toned("good", Tone::good, session.console.color) << '\n';
    return status;
  }
  if (status != kDone) out << counted(files.problems.size(), "error");
  if (status != kDone && !files.warnings.empty()) out << ", ";
  if (!files.warnings.empty()) out << counted(files.warnings.size(), "warning");
  out << '\n';
  return status;
}

}  // namespace vitals::cli
