#include <algorithm>
#include <cmath>

#include "dimension.h"

// Whether one sentence leads to the next: lexical cohesion, reference and conjunction (Halliday,
// Hasan, Cohesion in English, 1976, ch. 2, 5, 6), measured as overlap of content words between
// neighbours and as incidence of connectives (Graesser, McNamara, Louwerse, Cai, Coh-Metrix,
// Behavior Research Methods 36, 2004); and whether what is said about order holds: numbering,
// "first … finally", "below".

namespace vitals::text {
namespace {

constexpr std::size_t kStem =
    5;  // words that begin alike are taken for related: summary, summarise

constexpr std::size_t kSoonAfter = 5;  // sentences; later on something else may begin

enum Link { connective, reference, opening, sequence, closing, ahead };

constexpr PhraseGroup kLinks[] = {
    {connective,
     "and, also, in addition, additionally, moreover, furthermore, but, however, "
     "instead, although, though, whereas, otherwise, rather than, unless, because, "
     "since, so that, so, therefore, thus, hence, as a result, if, when, while, for "
     "example, for instance, e.g, in other words, i.e, once, before, after, until, "
     "based on, using, accordingly"},
    {reference,
     "this, these, that, those, it, its, they, them, their, such, each, the above, "
     "same"},
    {opening, "first, firstly, to begin, begin by, start by"},
    {sequence, "then, next, second, secondly, third, after that, afterwards"},
    {closing, "finally, lastly"},
    {ahead, "as follows"},
};

using Stems = std::vector<std::string_view>;
/// Of one sentence; so many that longer ones, which nobody writes, cost no more.
constexpr std::size_t kStemsMax = 64;

Stems stems_of(const Prompt& prompt, std::size_t first, std::size_t end) {
  Stems stems;
  for (std::size_t word = first; word < end; ++word) {
    const Word& here = prompt.all_words()[word];
    if (!here.function && here.text.size() >= 3) stems.push_back(here.text.substr(0, kStem));
  }
  std::sort(stems.begin(), stems.end());
  stems.erase(std::unique(stems.begin(), stems.end()), stems.end());
  stems.resize(std::min(stems.size(), kStemsMax));
  return stems;
}

bool overlap(const Stems& a, const Stems& b) {
  for (auto x = a.begin(), y = b.begin(); x != a.end() && y != b.end();) {
    if (*x == *y) return true;
    if (*x < *y) {
      ++x;
    } else {
      ++y;
    }
  }
  return false;
}

class Flow {
 public:
  Flow(const Prompt& prompt, Findings& findings) : prompt_(prompt), findings_(findings) {}

  std::optional<double> measure() {
    for (const Statement& statement : prompt_.statements) {
      if (!statement.material) read(statement);
    }
    check_numbering();
    if (told_ < 2) return std::nullopt;
    // As if two more transitions had been seen, one of them linked.
    const double cohesion = (linked_ + 1) / (transitions_ + 2);
    const double connected = saturated(connectives_ / static_cast<double>(told_), 0.4);
    const double order = (ordered_ ? 1 : headings_ > 1 ? 0.75 : 0.5) / (1 + faults_);
    const double value = 10 * (0.5 * cohesion + 0.2 * connected + 0.3 * order);
    if (value < kLow && findings_.found.empty()) explain();
    return value;
  }

 private:
  void explain() {
    if (first_loose_ == nullptr) {
      findings_.add(0, "",
                    std::to_string(std::lround(connectives_)) + " of " + std::to_string(told_) +
                        " sentences have a word that says how they follow",
                    "say what follows from what: because, if, so that, then …");
      return;
    }
    findings_.add(first_loose_->line,
                  prompt_.document.written(first_loose_->first_word, first_loose_->end_word),
                  std::to_string(std::lround(transitions_ - linked_)) + " of " +
                      std::to_string(std::lround(transitions_)) +
                      " sentences share no word with those before them and do not point back, "
                      "this one first",
                  "call the same thing by the same word, or begin with this, then, if …");
  }

  void read(const Statement& statement) {
    const Line& line = prompt_.document.lines()[statement.line];
    Stems stems = stems_of(prompt_, statement.first_word, statement.end_word);
    if (statement.heading) {
      before_ = {};
      heading_ = std::move(stems);
      starts_section_ = true;
      closed_at_.reset();
      ++headings_;
      return;
    }
    ++told_;
    const bool refers = read_links(statement, line);
    const bool numbered = line.kind == LineKind::item && line.ordinal > 0;
    ordered_ = ordered_ || numbered;
    if (!starts_section_ && told_ > 1) {
      transitions_ += 1;
      const bool related =
          overlap(stems, before_) || overlap(stems, earlier_) || overlap(stems, heading_);
      const bool linked = related || refers || numbered;
      linked_ += linked ? 1 : 0;
      if (!linked && first_loose_ == nullptr) first_loose_ = &statement;
    }
    starts_section_ = false;
    earlier_ = std::move(before_);
    before_ = std::move(stems);
  }

  /// Whether the sentence points back or says how it follows.
  bool read_links(const Statement& statement, const Line& line) {
    static const Phrases links(kLinks);
    const std::vector<Word>& words = prompt_.all_words();
    bool refers = false, counted = false;
    for (std::size_t word = statement.first_word; word < statement.end_word; ++word) {
      const Match match =
          words[word].quoted ? Match{} : links.match(words, word, statement.end_word);
      if (!match) continue;
      const bool leads = word < statement.first_word + 3;
      const auto link = static_cast<Link>(match.group->kind);
      if (link != reference && !counted) {
        connectives_ += 1;
        counted = true;
      }
      refers = refers || leads;
      if (word != statement.first_word || line.kind == LineKind::table) continue;
      if (link == opening || link == sequence || link == closing) ordered_ = true;
      if (link == closing) {
        closed_at_ = told_;
        closed_line_ = statement.line;
      }
      if (link == opening && closed_at_ && told_ - *closed_at_ <= kSoonAfter) {
        faults_ += 1;
        findings_.add(words[word].line, words[word].written,
                      "comes after the step that line " + std::to_string(closed_line_ + 1) +
                          " calls the last",
                      "put the steps in the order in which they are to be done");
      }
    }
    return refers;
  }

  /// Numbers of one list go up by one. Where all are the same (1. 1. 1.) Markdown numbers them.
  void check_numbering() {
    std::vector<int> last;  // by nesting
    for (std::size_t number = 0; number < prompt_.document.lines().size(); ++number) {
      const Line& line = prompt_.document.lines()[number];
      if (line.kind == LineKind::heading || line.kind == LineKind::label) last.clear();
      if (line.kind != LineKind::item) continue;
      last.resize(static_cast<std::size_t>(line.depth) + 1, 0);
      int& before = last.back();
      const bool follows = line.ordinal == before + 1 || line.ordinal <= 1;
      if (line.ordinal > 0 && before > 0 && !follows) {
        faults_ += 1;
        findings_.add(number, line.text.substr(0, line.text.find(' ')),
                      "follows number " + std::to_string(before),
                      "number the steps one by one; a missing one is looked for");
      }
      before = line.ordinal;
    }
  }

  const Prompt& prompt_;
  Findings& findings_;
  Stems heading_, before_, earlier_;
  bool starts_section_ = true, ordered_ = false;
  const Statement* first_loose_ = nullptr;
  std::optional<std::size_t> closed_at_;  // the sentence that began with "finally" in this section
  std::size_t closed_line_ = 0;
  std::size_t told_ = 0, headings_ = 0;  // sentences and headings so far
  double transitions_ = 0, linked_ = 0, connectives_ = 0, faults_ = 0;
};

}  // namespace

std::optional<double> logical_flow(const Prompt& prompt, Findings& findings) {
  if (!prompt.english || prompt.own_words == 0) return std::nullopt;
  return Flow(prompt, findings).measure();
}

}  // namespace vitals::text
