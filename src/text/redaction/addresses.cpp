#include "characters.h"
#include "place.h"
#include "streets.h"

namespace vitals::text::redaction {
namespace {

constexpr std::size_t kWordBytesMax = 40;

/// Reads a text word by word; what cannot be read leaves it where it was.
class Reader {
 public:
  Reader(std::string_view text, std::size_t at) : text_(text), at_(at) {}

  std::size_t at() const { return at_; }
  void go_to(std::size_t at) { at_ = at; }

  /// Letters, with apostrophes and hyphens inside, and a full stop after those that have one when
  /// they are shortened; "" where none are.
  std::string_view word() {
    const std::size_t end = skip(text_, at_, kWordBytesMax, [](char c) {
      return is_alnum(c) || is_high(c) || c == '\'' || c == '-';
    });
    const std::string_view found = text_.substr(at_, end - at_);
    const bool goes_on = word_at(text_, end) || is_continuation(redaction::at(text_, end));
    if (found.empty() || is_digit(found.front()) || goes_on) return {};
    at_ = end;
    return found;
  }
  /// The same with the full stop behind it.
  std::string_view shortened() {
    const std::size_t begin = at_;
    if (word().empty()) return {};
    if (redaction::at(text_, at_) == '.') ++at_;
    return text_.substr(begin, at_ - begin);
  }
  bool blank() {
    const std::size_t end = skip(text_, at_, 2, [](char c) { return c == ' '; });
    const bool found = end > at_;
    at_ = end;
    return found;
  }
  /// A comma or nothing, then a blank.
  bool gap() {
    if (redaction::at(text_, at_) == ',') ++at_;
    if (redaction::at(text_, at_) != '\n') return blank();
    ++at_;
    return true;
  }
  /// So many digits; 0 where it is another number of them.
  std::size_t digits(std::size_t least, std::size_t most) {
    const std::size_t end = skip(text_, at_, most + 1, is_digit);
    const std::size_t count = end - at_;
    if (count < least || count > most) return 0;
    at_ = end;
    return count;
  }
  /// `12`, `12a`, `12-14`.
  bool house_number() {
    const std::size_t begin = at_;
    if (digits(1, 5) == 0) return false;
    if (redaction::at(text_, at_) == '-' && is_digit(redaction::at(text_, at_ + 1))) {
      at_ = skip(text_, at_ + 1, 5, is_digit);
    } else if (is_alpha(redaction::at(text_, at_)) && !word_at(text_, at_ + 1)) {
      ++at_;
    }
    if (ends()) return true;
    at_ = begin;
    return false;
  }
  bool take(char c) {
    const bool found = redaction::at(text_, at_) == c;
    at_ += found ? 1 : 0;
    return found;
  }
  /// So many capitals.
  bool capitals(std::size_t count) {
    const std::size_t end = skip(text_, at_, count, is_upper);
    if (end - at_ != count) return false;
    at_ = end;
    return true;
  }
  /// Whether neither a word nor a number goes on here.
  bool ends() const {
    const char next = redaction::at(text_, at_);
    const bool goes_on = (next == '.' || next == ',') && is_digit(redaction::at(text_, at_ + 1));
    return !word_at(text_, at_) && !goes_on;
  }

 private:
  std::string_view text_;
  std::size_t at_;
};

bool is_capital(std::string_view word) {
  return !word.empty() && (is_upper(word.front()) || is_high(word.front()));
}
/// Capital, and not an abbreviation in capitals, as API.
bool is_name(std::string_view word) {
  if (!is_capital(word) || word.size() < 2) return false;
  return std::any_of(word.begin() + 1, word.end(),
                     [](char c) { return is_lower(c) || is_high(c); });
}

bool ends_with(std::string_view word, std::string_view ending) {
  return word.size() > ending.size() && has_at(word, word.size() - ending.size(), ending);
}

/// `Springfield, IL 62704`.
bool town_of_states(Reader& in) {
  const Reader start = in;
  for (int words = 0; words < 3; ++words) {
    if (!is_name(in.word())) break;
    const Reader after_word = in;
    const bool state = in.gap() && in.capitals(2) && in.blank() && in.digits(5, 5) > 0;
    if (state && in.take('-')) in.digits(4, 4);
    if (state && in.ends()) return true;
    in = after_word;
    if (!in.blank()) break;
  }
  in = start;
  return false;
}

/// `SW1A 1AA`.
bool british_code(Reader& in) {
  const Reader start = in;
  const bool area = in.capitals(2) || in.capitals(1);
  const bool district = area && in.digits(1, 2) > 0;
  if (district) in.capitals(1);
  if (district && in.blank() && in.digits(1, 1) > 0 && in.capitals(2) && in.ends()) return true;
  in = start;
  return false;
}

/// `10115 Berlin`, `1012 AB Amsterdam`, `D-10115 Berlin`; `sure` when nothing else looks so.
bool code_and_town(Reader& in, bool sure) {
  const Reader start = in;
  bool marked = false;
  const Reader before_country = in;
  if ((in.capitals(2) || in.capitals(1)) && in.take('-')) {
    marked = true;
  } else {
    in = before_country;
  }
  bool good = in.digits(4, 5) > 0 && in.blank();
  const Reader before_letters = in;
  if (good && in.capitals(2) && in.blank()) {
    marked = true;
  } else {
    in = before_letters;
  }
  good = good && is_name(in.word()) && in.ends() && (marked || !sure);
  if (good) return true;
  in = start;
  return false;
}

/// What may follow a street: a flat, and the town.
std::size_t with_town(std::string_view text, std::size_t end) {
  Reader in(text, end);
  if (in.gap()) {
    const Reader before = in;
    std::string_view unit = in.shortened();
    if (!unit.empty() && unit.back() == '.') unit.remove_suffix(1);
    const bool good = (is_among(unit, kUnits) && in.blank()) || (in = before, in.take('#'));
    if (good && in.house_number()) end = in.at();
  }
  in.go_to(end);
  if (!in.gap()) return end;
  if (town_of_states(in) || code_and_town(in, false) || british_code(in)) return in.at();
  if (is_name(in.word()) && in.blank() && british_code(in)) return in.at();
  return end;
}

/// `221b Baker Street`, `350 5th Avenue`.
std::optional<std::size_t> english(Reader in) {
  if (!in.house_number() || !in.blank()) return std::nullopt;
  bool capitals = true;
  for (int words = 0; words < 4; ++words) {
    std::string_view word = in.word();
    if (word.empty()) {  // 5th
      const bool ordinal = in.digits(1, 3) > 0 && in.word().size() == 2;
      if (!ordinal) return std::nullopt;
      word = "5th";
    }
    if (words > 0 && is_among(word, kStreets)) {
      const bool sure = is_among(word, kSureStreets) && words == 1;
      if ((!capitals || !is_capital(word)) && !sure) return std::nullopt;
      const bool shortened = word.size() <= 4 && in.take('.');
      if (!shortened || in.ends()) return in.at();
      return std::nullopt;
    }
    if (is_among(word, kNoNames)) return std::nullopt;
    capitals = capitals && (is_capital(word) || word == "5th");
    if (word.size() <= 2) in.take('.');  // N.
    if (!in.blank()) return std::nullopt;
  }
  return std::nullopt;
}

/// A name of up to four words, particles among them; the end of its last capital one.
bool name_of_words(Reader& in) {
  bool found = false;
  Reader last = in;
  for (int words = 0; words < 5; ++words) {
    const std::string_view word = in.word();
    const bool elided = word.size() > 2 && word[1] == '\'';  // d'Italie
    if (is_name(elided ? word.substr(2) : word)) {
      found = true;
      last = in;
    } else if (!is_among(word, kParticles)) {
      break;
    }
    if (!in.blank()) break;
  }
  in = last;
  return found;
}

/// `12 rue de la Paix`.
std::optional<std::size_t> french(Reader in) {
  if (!in.house_number() || !in.gap()) return std::nullopt;
  const Reader before = in;
  const std::string_view more = in.word();
  if ((is_text(more, "bis") || is_text(more, "ter")) && in.gap()) {
    // 12 bis
  } else {
    in = before;
  }
  if (!is_among(in.word(), kAfterNumber) || !in.blank()) return std::nullopt;
  if (!name_of_words(in)) return std::nullopt;
  return in.at();
}

/// `Via Roma, 12`.
std::optional<std::size_t> romance(Reader in) {
  const Reader begin = in;
  const std::string_view type = in.shortened();
  if (!is_among(type, kBeforeName)) {
    in = begin;
    if (!is_among(in.word(), kBeforeName)) return std::nullopt;
  }
  if (!is_capital(type) && !is_among(type, std::array<std::string_view, 2>{"calle", "rua"})) {
    return std::nullopt;
  }
  if (!in.blank() || !name_of_words(in) || !in.gap()) return std::nullopt;
  if (!in.house_number()) return std::nullopt;
  return in.at();
}

/// `Hauptstraße 12a`, `Am Alten Markt 3` (no), `Berliner Str. 7`.
std::optional<std::size_t> germanic(Reader in) {
  for (int words = 0; words < 3; ++words) {
    const std::string_view word = in.shortened();
    if (!is_capital(word)) return std::nullopt;
    const bool compound =
        words == 0 && std::any_of(kEndings.begin(), kEndings.end(),
                                  [&](std::string_view ending) { return ends_with(word, ending); });
    const bool alone = words > 0 && is_among(word, kAlone);
    const bool goes_on = in.blank();
    if (compound || alone) {
      if (goes_on && in.house_number()) return in.at();
      return std::nullopt;
    }
    if (!goes_on || is_among(word, kArticles) || word.back() == '.') return std::nullopt;
  }
  return std::nullopt;
}

std::optional<std::size_t> box(std::string_view text, std::size_t begin) {
  for (const std::string_view name : kBoxes) {
    if (!has_at(text, begin, name)) continue;
    Reader in(text, begin + name.size());
    if (in.blank() && in.house_number()) return in.at();
  }
  return std::nullopt;
}

std::optional<std::size_t> town(std::string_view text, std::size_t begin) {
  Reader in(text, begin);
  if (british_code(in) || town_of_states(in) || code_and_town(in, true)) return in.at();
  return std::nullopt;
}

}  // namespace

std::optional<Found> find_address(const Place& place) {
  const std::string_view text = place.text;
  const char first = text[place.at];
  if (place.at > 0 && is_digit(first)) {
    const char before = text[place.at - 1];  // a part of another number
    if (before == '.' || before == ',' || before == '-') return std::nullopt;
  }
  const Reader in(text, place.at);
  std::optional<std::size_t> end;
  if (is_digit(first)) {
    end = french(in);
    if (!end) end = english(in);
  } else if (is_alpha(first) || is_high(first)) {
    end = box(text, place.at);
    if (!end) end = germanic(in);
    if (!end) end = romance(in);
  } else {
    return std::nullopt;
  }
  if (end) return Found{place.at, with_town(text, *end), "[address]"};
  end = town(text, place.at);
  if (!end) return std::nullopt;
  return Found{place.at, *end, "[address]"};
}

}  // namespace vitals::text::redaction
