#include "subject_options.h"

namespace vitals::cli {

void add_subject(CLI::App& command, SubjectArguments& subject, const std::string& default_window,
                 const std::string& limit_help) {
  auto* window = command.add_option("--window", subject.window,
                                    "The last 5m, 1h, 7d (default " + default_window + ")");
  command.add_option("--from", subject.from, "Start: RFC 3339, epoch milliseconds, now-1d")
      ->excludes(window);
  command.add_option("--to", subject.to, "End, not included; default now")->excludes(window);
  add_filters(command, subject.filters);
  if (!limit_help.empty()) command.add_option("--limit", subject.limit, limit_help);
}

QueryString query_of(const SubjectArguments& subject) {
  QueryString query;
  query.add_given("window", subject.window);
  query.add_given("from", subject.from);
  query.add_given("to", subject.to);
  for (const std::string& filter : subject.filters) query.add("filter", filter);
  query.add_given("limit", subject.limit);
  return query;
}

}  // namespace vitals::cli
