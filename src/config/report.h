#pragma once

#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace vitals::config {

/// Everything that is wrong, in the order it was found.
class Report {
 public:
  /// `line` from 1, or 0 when the problem is not in a line; `key` may be empty.
  void add(std::string_view file, std::size_t line, std::string_view key, std::string_view reason);

  bool empty() const { return problems_.empty(); }
  const std::vector<std::string>& problems() const { return problems_; }
  std::size_t size() const { return problems_.size(); }
  /// One `file:line: key: reason` per line.
  std::string text() const;

 private:
  std::vector<std::string> problems_;
  /// File, line, last key and reason.
  std::set<std::tuple<std::string, std::size_t, std::string, std::string>> seen_;
};

/// One YAML file while it is being read.
struct Document {
  std::string file;               ///< as the user named it
  Report* report;                 ///< shared by all files of a configuration
  std::set<std::string> known;    ///< every key that was asked for: `receivers[].webhook.url`
  std::set<std::string> changed;  ///< those of them that gave another value than the default
};

}  // namespace vitals::config
