#include <algorithm>
#include <cmath>

#include "dimension.h"

// Whether the outline can be seen: how much of the text lies below headings or in lists, whether
// the levels go down one by one (WCAG 2.2, technique G141; ISO 2145 on numbering of divisions), and
// whether no level has more members than can be overlooked (chunking: Miller, The magical number
// seven, 1956; Horn, Mapping Hypertext, 1989, on headed blocks of information).

namespace vitals::text {
namespace {

constexpr double kOverlooked = 9;                 // members of a list or sections of a level
constexpr std::size_t kTitleWords = 10;           // more is a sentence
constexpr int kHeadingDepth = 4, kListDepth = 2;  // deeper is hard to follow

class Outline {
 public:
  Outline(const Prompt& prompt, Findings& findings)
      : prompt_(prompt), lines_(prompt.document.lines()), findings_(findings) {}

  double measure() {
    check_headings();
    check_lists();
    if (const auto fence = prompt_.document.unclosed_fence()) {
      fault(*fence, lines_[*fence].text, "this code fence is never closed",
            "close it: everything after it counts as code");
    }
    const double words = static_cast<double>(prompt_.words);
    // A short text needs no outline and shows none: 8 up to 40 words, towards 3 for a long one.
    const double flat = 3 + 5 * std::exp(-std::max(0.0, words - 40) / 150);
    const double shown = flat + (10 - flat) * outlined_share();
    const double value =
        shown * (groups_ == 0 ? 1 : 0.6 + 0.4 * overlooked_ / groups_) / (1 + 0.25 * faults_);
    if (value < kLow && findings_.found.empty()) explain();
    return value;
  }

 private:
  /// Without a fault, and without a long group, only what lies outside of the outline is left.
  void explain() {
    std::size_t loose = 0;
    const Statement* first = nullptr;
    for (const Statement& statement : prompt_.statements) {
      if (statement.heading || is_headed(statement) || is_listed(statement)) continue;
      loose += statement.words();
      if (first == nullptr) first = &statement;
    }
    findings_.add(first == nullptr ? 0 : first->line, "",
                  first == nullptr
                      ? "lists stand below no heading"
                      : std::to_string(loose) + " of " + std::to_string(prompt_.words) +
                            " words stand below no heading and in no list",
                  "give each part a heading, and put what is done one by one into a list");
  }

  bool is_headed(const Statement& statement) const {
    return prompt_.document.sections()[statement.section].heading.has_value();
  }

  bool is_listed(const Statement& statement) const {
    const LineKind kind = lines_[statement.line].kind;
    return kind == LineKind::item || kind == LineKind::table;
  }

  void fault(std::size_t line, std::string_view what, std::string why, std::string suggestion) {
    faults_ += 1;
    findings_.add(line, what, std::move(why), std::move(suggestion));
  }

  void count_group(std::size_t members, std::size_t line, std::string_view what) {
    if (members < 2) return;
    const double n = static_cast<double>(members);
    groups_ += n;
    overlooked_ += std::min(n, kOverlooked);
    if (n > 1.5 * kOverlooked) {
      findings_.add(line, "", std::to_string(members) + " " + std::string(what),
                    "group them below headings of their own, nine or fewer together");
    }
  }

  /// Of the words outside of headings, those below a heading or in a list.
  double outlined_share() const {
    double outlined = 0;
    for (const Statement& statement : prompt_.statements) {
      if (statement.heading) continue;
      const bool headed = is_headed(statement);
      const bool listed = is_listed(statement);
      // A heading names what all of its text is; a list without one is only half of an outline.
      outlined += static_cast<double>(statement.words()) * (headed   ? listed ? 1 : 0.8
                                                            : listed ? 0.6
                                                                     : 0);
    }
    return prompt_.words == 0 ? 0 : outlined / static_cast<double>(prompt_.words);
  }

  void check_headings() {
    const std::vector<Section>& sections = prompt_.document.sections();
    int top = 0, above = 0;
    std::size_t on_top = 0;
    for (std::size_t i = 0; i < sections.size(); ++i) {
      if (!sections[i].heading) continue;
      const std::size_t number = *sections[i].heading;
      const Line& line = lines_[number];
      const int depth = sections[i].depth;
      if (top == 0 || depth < top) {
        if (top > 0 && line.kind == LineKind::heading) {
          fault(number, line.text, "stands higher than the headings before it",
                "begin with the highest level");
        }
        top = depth;
        on_top = 0;
      } else if (depth > above + 1) {
        fault(number, line.text,
              "level " + std::to_string(depth) + " follows level " + std::to_string(above),
              "go down one level at a time");
      }
      if (depth > kHeadingDepth && line.kind == LineKind::heading) {
        fault(number, line.text, "a heading of level " + std::to_string(depth),
              "lift it, or make it a list");
      }
      if (line.end_word - line.first_word > kTitleWords) {
        fault(number, line.text, "a heading as long as a sentence",
              "name the section, say the rest below");
      }
      check_empty(sections, i);
      on_top += depth == top ? 1 : 0;
      above = depth;
    }
    count_group(on_top, 0, "sections on the highest level");
  }

  /// The last section may be where the input goes, and code is content too.
  void check_empty(const std::vector<Section>& sections, std::size_t i) {
    if (lines_[*sections[i].heading].kind != LineKind::heading) return;
    if (i + 1 >= sections.size() || sections[i + 1].depth > sections[i].depth) return;
    for (std::size_t line = sections[i].first_line; line < sections[i].end_line; ++line) {
      if (lines_[line].kind != LineKind::blank) return;
    }
    fault(*sections[i].heading, lines_[*sections[i].heading].text,
          "nothing stands below this heading", "fill the section or take the heading out");
  }

  /// One group per run of items of the same nesting, whatever is nested between them.
  void check_lists() {
    struct Group {
      std::size_t first_line = 0, members = 0;
      char marker = 0;
    };
    std::vector<Group> open;  // by nesting
    const auto close_to = [&](std::size_t depth) {
      while (open.size() > depth) {
        count_group(open.back().members, open.back().first_line, "items in one list");
        open.pop_back();
      }
    };
    for (std::size_t number = 0; number < lines_.size(); ++number) {
      const Line& line = lines_[number];
      if (line.kind == LineKind::blank || line.kind == LineKind::code) continue;
      if (line.kind != LineKind::item) {
        if (line.indent == 0) close_to(0);
        continue;
      }
      const auto depth = static_cast<std::size_t>(line.depth);
      close_to(depth + 1);
      const bool fresh = open.size() <= depth;
      open.resize(depth + 1, Group{number, 0, line.marker});
      Group& group = open.back();
      if (!fresh && group.marker != line.marker) {
        fault(number, line.text.substr(0, line.text.find(' ')),
              "another marker than the items above it have",
              "use one marker for the items of a list");
        group.marker = line.marker;
      }
      if (fresh && line.depth > kListDepth) {
        fault(number, line.text, "a list inside a list inside a list inside a list",
              "make the outer items headings");
      }
      ++group.members;
    }
    close_to(0);
  }

  const Prompt& prompt_;
  const std::vector<Line>& lines_;
  Findings& findings_;
  double faults_ = 0, groups_ = 0, overlooked_ = 0;
};

}  // namespace

std::optional<double> hierarchy_clarity(const Prompt& prompt, Findings& findings) {
  if (prompt.words == 0) return std::nullopt;
  return Outline(prompt, findings).measure();
}

}  // namespace vitals::text
