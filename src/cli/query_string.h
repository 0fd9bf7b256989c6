#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace vitals::cli {

/// RFC 3986 §2.1: everything but the unreserved characters as %XX.
std::string percent_encode(std::string_view text);

/// `?a=b&c=d`, built up.
class QueryString {
 public:
  void add(std::string_view name, std::string_view value) {
    text_ += text_.empty() ? '?' : '&';
    text_.append(name).append("=").append(percent_encode(value));
  }
  /// Leaves out what was not given.
  void add_given(std::string_view name, std::string_view value) {
    if (!value.empty()) add(name, value);
  }
  /// Texts with commas between them; leaves out an empty list.
  void add_list(std::string_view name, const std::vector<std::string>& values) {
    std::string all;
    for (const std::string& value : values) all += (all.empty() ? "" : ",") + value;
    add_given(name, all);
  }
  const std::string& text() const { return text_; }

 private:
  std::string text_;
};

}  // namespace vitals::cli
