#include "tokens.h"

#include <utility>

#include "../lexicon/lexicon.h"
#include "character.h"

namespace vitals::text::valence {
namespace {

using Kind = Character::Kind;

constexpr std::size_t kEmoticonBytesMax = 8;

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_letter(char c) { return lower(c) >= 'a' && lower(c) <= 'z'; }

/// Reads a comment piece by piece, a piece being what stands between spaces.
class Reader {
 public:
  explicit Reader(std::string_view comment) : comment_(comment) {
    tokens_.lower.reserve(comment.size() * 2);  // every token brings one space
    tokens_.asked.push_back(false);
  }

  Tokens read() {
    std::size_t begin = 0;
    while (begin < comment_.size()) {
      const Character next = character_at(comment_, begin);
      if (next.kind == Kind::space) {
        if (next.sign == '\n') end_sentence();
        begin += next.bytes;
        continue;
      }
      std::size_t end = begin;
      while (end < comment_.size() && character_at(comment_, end).kind != Kind::space) {
        end += character_at(comment_, end).bytes;
      }
      read_piece(comment_.substr(begin, end - begin));
      begin = end;
    }
    tokens_.shouts = words_in_capitals_ > 0 && words_in_capitals_ < words_;
    return std::move(tokens_);
  }

 private:
  void read_piece(std::string_view piece) {
    if (piece.starts_with("http://") || piece.starts_with("https://") ||
        piece.starts_with("www.") || (piece.front() == '@' && piece.size() > 1)) {
      return;
    }
    std::size_t at = 0;
    while (at < piece.size()) {
      const Character next = character_at(piece, at);
      if (const std::size_t bytes = emoticon_at(piece, at); bytes > 0) {
        add_sign(piece.substr(at, bytes));
        at += bytes;
      } else if (next.kind == Kind::letter) {
        at = read_word(piece, at);
      } else {
        if (next.kind == Kind::emoji) add_sign(piece.substr(at, next.bytes));
        if (next.kind == Kind::punctuation) punctuate(next.sign);
        at += next.bytes;
      }
    }
  }

  /// The bytes of an emoticon that the piece ends with, but for marks of punctuation: ":)",
  /// "ok:)!". One that starts with a letter or digit, like "xD", is read as a word.
  static std::size_t emoticon_at(std::string_view piece, std::size_t at) {
    if (character_at(piece, at).kind != Kind::punctuation) return 0;
    if (at > 0 && is_digit(piece[at - 1])) return 0;  // (100%)
    std::string_view rest = piece.substr(at);
    if (rest.size() > kEmoticonBytesMax + 4) return 0;
    std::string name(rest);
    for (char& c : name) c = lower(c);
    while (name.size() >= 2) {
      if (find_entry(name)) return name.size();
      const char last = name.back();
      if (last != '.' && last != ',' && last != '!' && last != '?') return 0;
      name.pop_back();
    }
    return 0;
  }

  /// Returns where the word ends.
  std::size_t read_word(std::string_view piece, std::size_t at) {
    std::string word;
    while (at < piece.size()) {
      const Character next = character_at(piece, at);
      if (next.kind == Kind::letter) {
        word.append(piece.substr(at, next.bytes));
      } else if (next.kind == Kind::punctuation && joins(next.sign, piece, at, next.bytes)) {
        word.push_back(next.sign);
      } else if (next.kind != Kind::nothing) {
        break;
      }
      at += next.bytes;
    }
    add_word(word);
    return at;
  }

  /// Whether a sign belongs to the word that it stands in: don't, f**k, 3.5.
  static bool joins(char sign, std::string_view piece, std::size_t at, std::size_t bytes) {
    const std::size_t after = at + bytes;
    if (after >= piece.size() || character_at(piece, after).kind == Kind::space) return false;
    const char next = piece[after];
    if (sign == '.' || sign == ',') return is_digit(piece[at - 1]) && is_digit(next);
    if (sign == '*') return true;
    return (sign == '\'' || sign == '$') && character_at(piece, after).kind == Kind::letter;
  }

  void add_word(std::string_view word) {
    std::size_t letters = 0;
    std::size_t capitals = 0;
    std::size_t run = 0;
    bool elongated = false;
    for (std::size_t i = 0; i < word.size(); ++i) {
      letters += is_letter(word[i]) ? 1 : 0;
      capitals += word[i] >= 'A' && word[i] <= 'Z' ? 1 : 0;
      run = i > 0 && lower(word[i]) == lower(word[i - 1]) ? run + 1 : 1;
      elongated = elongated || (run >= 3 && is_letter(word[i]));
    }
    add(word);
    tokens_.list.back().elongated = elongated;
    if (letters < 2) return;
    ++words_;
    if (capitals < letters) return;
    ++words_in_capitals_;
    tokens_.list.back().capitals = true;
  }

  /// An emoji or emoticon is a clause of its own: "not helpful :(" is no happy comment.
  void add_sign(std::string_view sign) {
    ++clause_;
    add(sign);
    ++clause_;
  }

  void add(std::string_view token) {
    if (!tokens_.lower.empty()) tokens_.lower.push_back(' ');
    const std::size_t begin = tokens_.lower.size();
    for (const char c : token) tokens_.lower.push_back(lower(c));
    tokens_.list.push_back({begin, tokens_.lower.size(), clause_, tokens_.asked.size() - 1});
  }

  void punctuate(char sign) {
    if (sign == '!') ++tokens_.exclamation_marks;
    if (sign == '?' && !tokens_.list.empty()) {
      tokens_.asked[tokens_.list.back().sentence] = true;
    }
    if (sign == '.' || sign == '!' || sign == '?') {
      end_sentence();
    } else if (sign == ',' || sign == ';' || sign == ':' || sign == '(' || sign == ')') {
      ++clause_;
    }
  }

  /// A sentence has a token, so that "?!" and "..." end one only.
  void end_sentence() {
    ++clause_;
    if (!tokens_.list.empty() && tokens_.list.back().sentence == tokens_.asked.size() - 1) {
      tokens_.asked.push_back(false);
    }
  }

  std::string_view comment_;
  Tokens tokens_;
  std::size_t clause_ = 0;
  std::size_t words_ = 0;
  std::size_t words_in_capitals_ = 0;
};

}  // namespace

Tokens tokens_of(std::string_view comment) { return Reader(comment).read(); }

}  // namespace vitals::text::valence
