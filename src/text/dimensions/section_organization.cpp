#include <algorithm>
#include <cmath>
#include <string>
#include <unordered_map>

#include "dimension.h"

// Whether the sections are named, in an order that readers expect, balanced, and made of blocks
// that are not too long: the structure of White et al. 2023, §III (persona and context before the
// task, the task before its output), Information Mapping's labelled, chunked blocks (Horn 1989),
// and the limits of paragraphs in plain-language guides (Federal Plain Language Guidelines, 2011,
// §III.c).

namespace vitals::text {
namespace {

constexpr double kBlockWords = 60;         // up to here a paragraph is read at a glance
constexpr double kItemWords = 30;          // and an item of a list
constexpr std::size_t kLongBlock = 150;    // from here it is a finding
constexpr std::size_t kUnsectioned = 250;  // words that want headings
constexpr double kDominant = 0.7;          // share of one section among several

/// The order that is expected; parts of one rank may change places. The input may stand first, as
/// long documents better do, or last.
int rank_of(Part part) {
  switch (part) {
    case Part::role:
      return 0;
    case Part::purpose:
    case Part::background:
    case Part::audience:
      return 1;
    case Part::task:
      return 2;
    case Part::constraint:
    case Part::output:
    case Part::example:
      return 3;
    case Part::input:
    case Part::other:
      break;
  }
  return -1;
}

class Organization {
 public:
  Organization(const Prompt& prompt, Findings& findings)
      : prompt_(prompt), lines_(prompt.document.lines()), findings_(findings) {
    int highest = 0;
    for (std::size_t i = 0; i < prompt.section_parts.size(); ++i) {
      if (!section(i).heading) continue;
      headed_.push_back(i);
      if (headed_.size() > 1 && section(i).depth > highest) continue;
      highest = section(i).depth;
      top_.push_back(i);
    }
  }

  double measure() {
    const double blocks = readable_blocks();
    if (headed_.size() < 2) {
      const double words = static_cast<double>(prompt_.words);
      const double need = 0.6 * std::exp(-std::max(0.0, words - 80) / 200);
      const double value = 10 * (0.5 * blocks + 0.5 * need);
      if (prompt_.words > kUnsectioned || (value < kLow && findings_.found.empty())) {
        findings_.add(0, "", std::to_string(prompt_.words) + " words without sections",
                      "give role, task, rules and output a heading each");
      }
      return value;
    }
    const double names = named(), order = ordered(), balance = balanced();
    const double value = 10 * (0.25 * names + 0.25 * order + 0.2 * balance + 0.3 * blocks);
    if (value < kLow && findings_.found.empty()) {
      explain(0.25 * (1 - names), 0.2 * (1 - balance), 0.3 * (1 - blocks));
    }
    return value;
  }

 private:
  /// By what each term takes off the whole; those out of order are findings already.
  void explain(double names, double balance, double blocks) {
    if (blocks >= std::max(names, balance)) {
      findings_.add(
          longest_line_, lines_[longest_line_].text,
          "a block of " + std::to_string(longest_words_) + " words, more than is read at a glance",
          "break it into paragraphs or a list, one thought each");
    } else if (names > balance) {
      findings_.add(*section(headed_.front()).heading, heading(headed_.front()).text,
                    "few headings say what their section is for, this one first",
                    "name sections by their part: role, task, rules, output, example");
    } else {
      findings_.add(0, "", "one section has nearly all the words",
                    "divide it, or put the small ones together");
    }
  }

  const Section& section(std::size_t i) const { return prompt_.document.sections()[i]; }
  const Line& heading(std::size_t i) const { return lines_[*section(i).heading]; }

  /// A known name counts 1, another one that only this section has ½, a second one of the same name
  /// 0.
  double named() {
    double sum = 0;
    std::unordered_map<std::string, std::size_t> seen;
    for (const std::size_t i : headed_) {
      std::string title;
      for (std::size_t word = heading(i).first_word; word < heading(i).end_word; ++word) {
        title += std::string(prompt_.all_words()[word].text) + ' ';
      }
      title += std::to_string(section(i).depth);
      const auto [before, is_new] = seen.emplace(title, *section(i).heading);
      const Part part = prompt_.section_parts[i];
      if (is_new || part == Part::input) {  // "INPUT:" twice marks the place
        sum += part == Part::other ? 0.5 : 1;
      } else {
        findings_.add(*section(i).heading, heading(i).text,
                      "the same heading as line " + std::to_string(before->second + 1),
                      "merge the two, or name what is different");
      }
    }
    return sum / static_cast<double>(headed_.size());
  }

  /// Of all pairs of known sections those in order (Kendall's count of concordant pairs), by
  /// counting how many of each rank came before.
  double ordered() {
    double pairs = 0, in_order = 0;
    std::size_t before[4] = {};
    std::size_t latest = 0;  // the section of the highest rank so far
    int highest = -1;
    for (const std::size_t i : top_) {
      const int rank = rank_of(prompt_.section_parts[i]);
      if (rank < 0) continue;
      for (int other = 0; other < 4; ++other) {
        pairs += static_cast<double>(before[other]);
        if (other <= rank) in_order += static_cast<double>(before[other]);
      }
      ++before[rank];
      if (rank < highest) {
        findings_.add(*section(i).heading, heading(i).text,
                      "comes after \"" + std::string(heading(latest).text) + "\" on line " +
                          std::to_string(*section(latest).heading + 1),
                      "who and why first, then what to do, then rules, output and examples");
      } else {
        highest = rank;
        latest = i;
      }
    }
    return pairs == 0 ? 1 : in_order / pairs;
  }

  /// How evenly the words lie in the sections that have any: the evenness of Pielou (J. Theoretical
  /// Biology 13, 1966), entropy over its maximum. Sections within a section count to it.
  double balanced() {
    std::vector<double> words(top_.size(), 0);
    std::size_t current = 0;
    for (const std::size_t i : headed_) {
      if (current + 1 < top_.size() && i == top_[current + 1]) ++current;
      words[current] += static_cast<double>(section(i).words);
    }
    double total = 0, entropy = 0, filled = 0;
    for (const double n : words) total += n;
    for (std::size_t i = 0; i < words.size(); ++i) {
      if (words[i] == 0) continue;
      const double share = words[i] / total;
      filled += 1;
      entropy -= share * std::log(share);
      if (share > kDominant && total > static_cast<double>(kUnsectioned)) {
        findings_.add(
            *section(top_[i]).heading, heading(top_[i]).text,
            "this section has " + std::to_string(std::lround(100 * share)) + " % of the words",
            "divide it");
      }
    }
    return filled < 2 ? 0 : std::min(1.0, entropy / std::log(filled));
  }

  /// Of the words those at the beginning of their paragraph or item, as far as it is short enough.
  double readable_blocks() {
    double readable = 0, all = 0;
    std::size_t words = 0, start = 0;
    const auto finish = [&] {
      all += static_cast<double>(words);
      const bool item = lines_[start].kind == LineKind::item;
      readable += std::min(static_cast<double>(words), item ? kItemWords : kBlockWords);
      if (words > kLongBlock) {
        findings_.add(start, lines_[start].text, "a block of " + std::to_string(words) + " words",
                      "break it into paragraphs or a list, one thought each");
      }
      if (words > longest_words_) {
        longest_words_ = words;
        longest_line_ = start;
      }
      words = 0;
    };
    for (std::size_t number = 0; number < lines_.size(); ++number) {
      const Line& line = lines_[number];
      const bool text = line.kind == LineKind::prose || line.kind == LineKind::item;
      if (!text || line.kind == LineKind::item) finish();
      if (!text) continue;
      if (words == 0) start = number;
      words += line.end_word - line.first_word;
    }
    finish();
    return all == 0 ? 1 : readable / all;
  }

  const Prompt& prompt_;
  const std::vector<Line>& lines_;
  Findings& findings_;
  std::size_t longest_line_ = 0, longest_words_ = 0;  // of a block
  std::vector<std::size_t> headed_, top_;  // sections with a heading; those with none above them
};

}  // namespace

std::optional<double> section_organization(const Prompt& prompt, Findings& findings) {
  if (prompt.words == 0) return std::nullopt;
  return Organization(prompt, findings).measure();
}

}  // namespace vitals::text
