#include "annotation.h"

#include <algorithm>
#include <array>
#include <optional>

#include <fmt/format.h>

#include <vitals/base/number_text.h>
#include <vitals/base/time_text.h>

namespace vitals::rules {
namespace {

constexpr std::string_view kLabels = "labels.";

std::string value_text(const std::optional<double>& value) {
  return value ? number_text(*value) : "no value";
}

/// A placeholder's word; `labels` aside.
struct Word {
  std::string_view name;
  std::string (*say)(const model::Alert&, const RuleWords&);
};

using model::Alert;
constexpr std::array<Word, 9> kWords{{
    {"value", [](const Alert& a, const RuleWords&) { return value_text(a.value); }},
    {"threshold", [](const Alert& a, const RuleWords&) { return value_text(a.threshold); }},
    {"unit", [](const Alert&, const RuleWords& words) { return words.unit; }},
    {"samples", [](const Alert& a, const RuleWords&) { return std::to_string(a.samples); }},
    {"window", [](const Alert&, const RuleWords& words) { return words.window; }},
    {"since", [](const Alert& a, const RuleWords&) { return format_rfc3339(a.pending_since); }},
    {"rule", [](const Alert& a, const RuleWords&) { return a.rule; }},
    {"metric", [](const Alert& a, const RuleWords&) { return a.metric; }},
    {"severity",
     [](const Alert& a, const RuleWords&) { return std::string(to_string(a.severity)); }},
}};

const Word* find_word(std::string_view name) {
  const auto found = std::find_if(kWords.begin(), kWords.end(),
                                  [name](const Word& word) { return word.name == name; });
  return found == kWords.end() ? nullptr : &*found;
}

bool is_known(std::string_view name, const std::vector<std::string>& labels,
              const std::vector<std::string_view>& words) {
  if (std::find(words.begin(), words.end(), name) != words.end()) return true;
  if (!name.starts_with(kLabels)) return find_word(name) != nullptr;
  return std::find(labels.begin(), labels.end(), name.substr(kLabels.size())) != labels.end();
}

/// For a message: `, long, short`.
std::string listed(const std::vector<std::string_view>& words) {
  std::string text;
  for (const std::string_view word : words) text.append(", ").append(word);
  return text;
}

/// A label or a word of the condition, if it is there.
std::string lookup(const std::map<std::string, std::string>& texts, std::string_view name) {
  const auto found = texts.find(std::string(name));
  return found == texts.end() ? "(none)" : found->second;
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

}  // namespace

Result<Annotation> Annotation::parse(std::string_view text, const std::vector<std::string>& labels,
                                     const std::vector<std::string_view>& words) {
  Annotation annotation;
  for (std::size_t open = text.find("{{"); open != std::string_view::npos; open = text.find("{{")) {
    annotation.pieces_.push_back({std::string(text.substr(0, open)), false});
    text.remove_prefix(open + 2);
    const std::size_t close = text.find("}}");
    if (close == std::string_view::npos) {
      return Error{Errc::invalid_argument, "'{{' without '}}'"};
    }
    const std::string_view name = trimmed(text.substr(0, close));
    if (!is_known(name, labels, words)) {
      return Error{
          Errc::invalid_argument,
          fmt::format("unknown placeholder '{{{{{}}}}}'; known are value, threshold, unit, "
                      "samples, window, since, rule, metric, severity{} and labels.NAME of "
                      "a group_by field or a label of the rule",
                      name, listed(words))};
    }
    annotation.pieces_.push_back({std::string(name), true});
    text.remove_prefix(close + 2);
  }
  annotation.pieces_.push_back({std::string(text), false});
  return annotation;
}

std::string Annotation::expand(const model::Alert& alert, const RuleWords& words,
                               const std::map<std::string, std::string>& found) const {
  std::string out;
  for (const Piece& piece : pieces_) {
    if (!piece.placeholder) {
      out += piece.text;
    } else if (const Word* word = find_word(piece.text)) {
      out += word->say(alert, words);
    } else if (piece.text.starts_with(kLabels)) {
      out += lookup(alert.labels, std::string_view(piece.text).substr(kLabels.size()));
    } else {
      out += lookup(found, piece.text);
    }
  }
  return out;
}

}  // namespace vitals::rules
