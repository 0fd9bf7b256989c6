#include "subcommands.h"

#include <vitals/base/time_text.h>

namespace vitals::cli {

std::string check_duration(const std::string& text) {
  const auto duration = parse_duration(text);
  return duration ? "" : duration.error().message;
}

void add_filters(CLI::App& command, std::vector<std::string>& filters) {
  // One value per --filter, so that a METRIC may follow.
  command
      .add_option("--filter", filters,
                  "FIELD:VALUE, as prompt:support-reply; ! negates, * is any text, a|b is either; "
                  "may be repeated")
      ->type_size(1)
      ->expected(1)
      ->take_all()
      ->allow_extra_args(false);
}

void add_group_by(CLI::App& command, std::vector<std::string>& fields) {
  command
      .add_option("--group-by", fields, "Fields, as prompt,version or tags.region; may be repeated")
      ->expected(1)
      ->take_all()
      ->allow_extra_args(false);
}

}  // namespace vitals::cli
