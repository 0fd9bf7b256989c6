#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <vitals/base/result.h>
#include <vitals/model/alert.h>

namespace vitals::rules {

/// What placeholders can say about a rule, whatever its alert.
struct RuleWords {
  std::string window;  ///< `5m`
  std::string unit;    ///< of the metric, or of what else the value counts
};

/// An annotation with `{{placeholders}}`, parsed once. A plain value.
class Annotation {
 public:
  /// `labels` are the names that `{{labels.NAME}}` may use, `words` those that the rule's condition
  /// adds. The error names the placeholder.
  static Result<Annotation> parse(std::string_view text, const std::vector<std::string>& labels,
                                  const std::vector<std::string_view>& words);

  /// `found` are the words of the condition's reading.
  std::string expand(const model::Alert& alert, const RuleWords& words,
                     const std::map<std::string, std::string>& found) const;

 private:
  struct Piece {
    std::string text;  ///< literal, or the placeholder's name
    bool placeholder;
  };
  std::vector<Piece> pieces_;
};

}  // namespace vitals::rules
