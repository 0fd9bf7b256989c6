#include "scorer.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "../lexicon/lexicon.h"
#include "language.h"
#include "tokens.h"
#include "words.h"

namespace vitals::text::valence {
namespace {

// Taken from Hutto and Gilbert where marked H.
constexpr double kLengthUsual = 10;              // words
constexpr std::size_t kExclamationMarksMax = 4;  // H
constexpr std::size_t kReach = 3;  // H: words back that a negator or an intensifier is looked for
constexpr std::size_t kReachUnreal = 6;
constexpr std::size_t kReachThwarted = 5;
constexpr std::size_t kReachEnough = 5;

double strengthened(double valence, double by) { return valence + std::copysign(by, valence); }

/// "loooove" is "loove" or "love".
std::string squeezed(std::string_view word, std::size_t run_max) {
  std::string squeezed;
  std::size_t run = 0;
  for (std::size_t i = 0; i < word.size(); ++i) {
    run = i > 0 && word[i] == word[i - 1] ? run + 1 : 1;
    if (run <= run_max) squeezed.push_back(word[i]);
  }
  return squeezed;
}

class Scorer {
 public:
  Scorer(const Tokens& tokens, const Rules& rules, const Weights& weights)
      : tokens_(tokens),
        rules_(rules),
        weights_(weights),
        effects_(tokens.list.size()),
        valences_(tokens.list.size()),
        spent_(tokens.list.size()) {}

  std::optional<double> score() {
    for (std::size_t i = 0; i < size(); ++i) effects_[i] = effect(i);
    for (std::size_t i = 0; i < size(); ++i) rate(i);
    if (has(Rule::bare_negation)) rate_bare_negators();
    if (has(Rule::contrast)) weaken_before_contrasts();
    if (has(Rule::concession)) weaken_concessions();
    if (std::all_of(valences_.begin(), valences_.end(), [](double v) { return v == 0; })) {
      return std::nullopt;  // it says nothing that we know
    }
    return normalized(emphasized(sum()));
  }

 private:
  std::size_t size() const { return tokens_.list.size(); }
  bool has(Rule rule) const { return rules_.test(static_cast<std::size_t>(rule)); }
  std::string_view text(std::size_t i) const { return tokens_.text(i, i); }
  const Token& token(std::size_t i) const { return tokens_.list[i]; }
  bool same_clause(std::size_t a, std::size_t b) const {
    return token(a).clause == token(b).clause;
  }
  bool stressed(std::size_t i) const {
    return has(Rule::capitals) && tokens_.shouts && token(i).capitals;
  }

  Effect effect(std::size_t i) const {
    const Effect plain = effect_of(text(i));
    if (plain.role != Role::none || !token(i).elongated || !has(Rule::elongation)) return plain;
    return effect_of(squeezed(text(i), 1));  // sooo
  }

  double listed(std::string_view name) const {
    const auto entry = find_entry(name);
    if (entry && entry->list == List::vader) return entry->valence;
    if (has(Rule::own_words)) {
      if (const auto own = own_valence(name)) return *own;
    }
    if (!entry || !has(Rule::second_list)) return 0;
    return entry->valence * weights_.second_list;
  }

  /// Of a token by itself.
  double plain_valence(std::size_t i) const {
    const double valence = listed(text(i));
    if (valence != 0 || !token(i).elongated || !has(Rule::elongation)) return valence;
    const double doubled = listed(squeezed(text(i), 2));
    return doubled != 0 ? doubled : listed(squeezed(text(i), 1));
  }

  std::optional<double> pair_valence(std::size_t i) const {
    if (!has(Rule::phrases) || i + 1 == size() || !same_clause(i, i + 1)) return std::nullopt;
    const std::string_view pair = tokens_.text(i, i + 1);
    if (const auto own = phrase_valence(pair)) return own;
    const double valence = listed(pair);
    return valence == 0 ? std::nullopt : std::optional(valence);
  }

  void rate(std::size_t i) {
    if (in_pair_) {
      in_pair_ = false;
      return;
    }
    std::optional<double> valence = pair_valence(i);
    if (valence) {
      in_pair_ = true;
      spent_[i] = true;
      spent_[i + 1] = true;
    } else if (effects_[i].role == Role::negator || intensifies(i)) {
      return;
    } else {
      valence = plain_valence(i);
    }
    if (*valence == 0) return;
    if (stressed(i)) *valence = strengthened(*valence, weights_.capitals);
    *valence = in_context(i, *valence);
    valences_[i] = *valence;
  }

  /// Words like "pretty" are rated, too, unless they strengthen another one.
  bool intensifies(std::size_t i) const {
    if (!has(Rule::intensifiers) || effects_[i].role != Role::intensifier) return false;
    for (std::size_t next = i + 1; next < std::min(i + 3, size()); ++next) {
      if (plain_valence(next) != 0) return true;
    }
    return false;
  }

  double in_context(std::size_t i, double valence) {
    bool negated = false;
    bool praised = false;
    for (std::size_t back = 1; back <= std::min(kReach, i); ++back) {
      const std::size_t at = i - back;
      if (!same_clause(at, i)) break;
      if (has(Rule::intensifiers)) valence += intensity(at, back, valence);
      if (has(Rule::negation) && negates(at)) {
        spent_[at] = true;
        negated = true;
        praised = praised || (has(Rule::praise_by_negation) && praises(at, i));
      }
    }
    if (praised && valence > 0) {
      valence *= weights_.praise;
    } else if (negated) {
      valence *= weights_.negation;
    }
    if (has(Rule::unreal) && follows(Role::unreal, i, kReachUnreal)) valence *= weights_.unreal;
    if (has(Rule::thwarted) && valence > 0 && follows(Role::thwarted, i, kReachThwarted)) {
      valence *= weights_.thwarted;
    }
    if (has(Rule::questions) && tokens_.asked[token(i).sentence]) valence *= weights_.asked;
    return valence;
  }

  double intensity(std::size_t at, std::size_t back, double valence) const {
    if (effects_[at].role != Role::intensifier) return 0;
    constexpr double kFade[] = {1, 0.95, 0.9};  // H
    double by = effects_[at].amount * weights_.intensity * kFade[back - 1];
    if (stressed(at)) by = strengthened(by, weights_.capitals / 2);
    return std::copysign(1.0, valence) * by;
  }

  bool negates(std::size_t at) const {
    if (effects_[at].role == Role::negator) return true;
    if (text(at) != "least" || at == 0) return false;
    return text(at - 1) != "at" && text(at - 1) != "very";  // the least useful
  }

  /// "cannot recommend it enough", "could not be happier" say more than "recommend" and "happier".
  bool praises(std::size_t negator, std::size_t i) const {
    const std::string_view word = text(negator);
    const bool able = word.starts_with("can") || word.starts_with("could") || word == "never" ||
                      (word == "not" && negator > 0 &&
                       (text(negator - 1) == "could" || text(negator - 1) == "can"));
    if (!able) return false;
    if (text(i) == "better" || text(i) == "happier" || text(i) == "easier") return true;
    const std::size_t end = std::min(i + kReachEnough + 1, size());
    for (std::size_t at = negator + 1; at < end && same_clause(at, i); ++at) {
      if (text(at) == "enough" || (at > i && text(at) == "more")) return true;
    }
    return false;
  }

  /// Whether a word of the role stands before a word: "unreal" ones in its sentence, others in its
  /// clause.
  bool follows(Role role, std::size_t i, std::size_t reach) const {
    for (std::size_t back = 1; back <= std::min(reach, i); ++back) {
      const std::size_t at = i - back;
      const bool near =
          role == Role::unreal ? token(at).sentence == token(i).sentence : same_clause(at, i);
      if (!near) return false;
      if (effects_[at].role == role) return true;
    }
    return false;
  }

  /// A negator of no rated word is itself somewhat negative (Potts 2011).
  void rate_bare_negators() {
    for (std::size_t i = 0; i < size(); ++i) {
      if (effects_[i].role != Role::negator || spent_[i]) continue;
      valences_[i] = text(i) == "no" ? weights_.bare_no : weights_.bare_negation;
    }
  }

  /// What stands before the last "but" of a sentence; where it begins one, the sentence before.
  void weaken_before_contrasts() {
    std::size_t done = size();  // the sentence of the last one
    for (std::size_t i = size(); i-- > 1;) {
      if (effects_[i].role != Role::contrast || token(i).sentence == done) continue;
      done = token(i).sentence;
      const std::size_t weakened = token(i - 1).sentence;
      for (std::size_t at = i; at > 0 && token(at - 1).sentence == weakened; --at) {
        valences_[at - 1] *= weights_.before_contrast;
      }
    }
  }

  /// The rest of the clause.
  void weaken_concessions() {
    bool conceding = false;
    for (std::size_t i = 0; i < size(); ++i) {
      if (i > 0 && !same_clause(i - 1, i)) conceding = false;
      if (conceding) valences_[i] *= weights_.conceded;
      conceding = conceding || effects_[i].role == Role::concession;
    }
  }

  double sum() const {
    double sum = 0;
    for (const double valence : valences_) sum += valence;
    return sum;
  }

  double emphasized(double sum) const {
    if (sum == 0 || !has(Rule::exclamation)) return sum;
    const std::size_t marks = std::min(tokens_.exclamation_marks, kExclamationMarksMax);
    return strengthened(sum, static_cast<double>(marks) * weights_.exclamation_mark);
  }

  double normalized(double sum) const {
    if (has(Rule::length)) {
      sum /= std::pow(static_cast<double>(size()) / kLengthUsual, weights_.length_exponent);
    }
    return sum / std::sqrt(sum * sum + weights_.saturation);
  }

  const Tokens& tokens_;
  const Rules& rules_;
  const Weights& weights_;
  std::vector<Effect> effects_;
  std::vector<double> valences_;
  std::vector<bool> spent_;  ///< negators that have negated, or are part of a phrase
  bool in_pair_ = false;     ///< the next token is the second one of a phrase
};

}  // namespace

std::optional<double> score(std::string_view comment, const Rules& rules, const Weights& weights) {
  const Tokens tokens = tokens_of(comment);
  if (tokens.list.empty() || is_foreign(tokens)) return std::nullopt;
  return Scorer(tokens, rules, weights).score();
}

}  // namespace vitals::text::valence
