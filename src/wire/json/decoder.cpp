#include <algorithm>
#include <optional>
#include <string>
#include <unordered_map>

#include <simdjson.h>

#include <vitals/base/hash.h>
#include <vitals/wire/json.h>

#include "big_numbers.h"
#include "event_reader.h"
#include "items.h"
#include "plain_reader.h"

namespace vitals::wire {
namespace {

/// What most events need; a parser that had to grow beyond goes back to it after the request.
constexpr std::size_t kParserBytes = 64U << 10U;

/// Columns get room for at most so many rows before they need it.
constexpr std::size_t kRowsExpectedMax = 16U << 10U;

constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";

std::string_view explain(simdjson::error_code error) {
  switch (error) {
    case simdjson::UTF8_ERROR:
      return "is not JSON: invalid UTF-8";
    case simdjson::UNCLOSED_STRING:
      return "is not JSON: a string is not closed";
    case simdjson::UNESCAPED_CHARS:
      return "is not JSON: a control character in a string";
    case simdjson::STRING_ERROR:
      return "is not JSON: a malformed escape in a string";
    case simdjson::NUMBER_ERROR:
      return "is not JSON: a malformed number";
    case simdjson::T_ATOM_ERROR:
    case simdjson::F_ATOM_ERROR:
    case simdjson::N_ATOM_ERROR:
      return "is not JSON: a malformed true, false or null";
    case simdjson::DEPTH_ERROR:
      return "is nested too deeply";
    case simdjson::CAPACITY:
      return "is longer than 1 MiB";
    case simdjson::MEMALLOC:
      return "does not fit into memory";
    default:
      return "is not JSON: brackets, commas, colons or values are out of place";
  }
}
static_assert(kEventBytesMax == 1U << 20U, "explain() says so");

constexpr std::string_view kObjectsInBody =
    "is not JSON: several objects; for NDJSON send Content-Type: application/x-ndjson";
constexpr std::string_view kObjectsInLine =
    "is not JSON: several objects in one line (curl keeps line ends with --data-binary, not -d)";

/// The classes of the messages of one body, which are few even where errors are many.
class ErrorTypes {
 public:
  explicit ErrorTypes(const ErrorTypeOf& type_of) : type_of_(type_of) {}

  /// Valid until the next call.
  std::string_view of(std::string_view message) {
    if (const auto found = known_.find(message); found != known_.end()) return found->second;
    last_ = type_of_(message).substr(0, model::kLabelBytesMax);
    const bool worth = message.size() <= kMessageBytesMax && known_.size() < kMessagesMax;
    return worth ? known_.emplace(message, std::move(last_)).first->second : last_;
  }
  bool wanted() const { return type_of_ != nullptr; }

 private:
  static constexpr std::size_t kMessagesMax = 256;
  static constexpr std::size_t kMessageBytesMax = 1'024;
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return hash64(text, table_seed()); }
  };

  const ErrorTypeOf& type_of_;
  std::unordered_map<std::string, std::string, Hash, std::equal_to<>> known_;
  std::string last_;
};

/// One call of decode(): takes the body's items, one after another, into `decoded`.
class Decoding {
 public:
  Decoding(std::string_view body, const TimeLimits& limits, simdjson::dom::parser& parser,
           json::PlainReader& plain, json::Row& row, UuidGenerator& uuids,
           SentimentOf* sentiment_of, const ErrorTypeOf& error_type_of)
      : body_(body),
        limits_(limits),
        parser_(parser),
        plain_(plain),
        row_(row),
        uuids_(uuids),
        sentiment_of_(sentiment_of),
        error_types_(error_type_of),
        utf8_(simdjson::validate_utf8(body)) {
    if (body_.substr(0, kByteOrderMark.size()) == kByteOrderMark) {
      body_.remove_prefix(kByteOrderMark.size());
    }
  }

  Decoded take_lines() && {
    json::Lines lines(body_);
    while (const auto line = lines.next()) {
      const simdjson::error_code error = take(line->text, line->number);
      if (error == simdjson::SUCCESS) continue;
      const bool several = json::several_objects(line->text);
      refuse({line->number, {}, std::string(several ? kObjectsInLine : explain(error))});
    }
    return finish();
  }

  Decoded take_body() && {
    const std::string_view text = json::trim(body_);
    if (text.empty()) return broken(0, "the body is empty");
    if (text.front() == '[') return take_array(text);
    const simdjson::error_code error = take(text, 0);
    if (error == simdjson::SUCCESS) return finish();
    return broken(0, json::several_objects(text) ? kObjectsInBody : explain(error));
  }

 private:
  Decoded take_array(std::string_view text) {
    json::Elements elements(text);
    std::uint64_t index = 0;
    for (; const auto element = elements.next(); ++index) {
      const simdjson::error_code error = take(*element, index);
      if (error != simdjson::SUCCESS) return broken(index, explain(error));
    }
    if (!elements.problem().empty()) return broken(index, elements.problem());
    return finish();
  }

  /// Takes or refuses one item. The error is not SUCCESS when it is not JSON; nothing is done then.
  simdjson::error_code take(std::string_view text, std::uint64_t item) {
    if (utf8_ && text.size() <= kEventBytesMax && plain_.read(text, limits_, row_)) {
      append(text.size());
      return simdjson::SUCCESS;
    }
    json::Element event;
    const simdjson::error_code error = parse(text, event);
    if (error != simdjson::SUCCESS) return error;
    if (reader_.read(event, row_)) {
      append(text.size());
    } else {
      reader_.problem().item = item;
      refuse(std::move(reader_.problem()));
    }
    return simdjson::SUCCESS;
  }

  void append(std::size_t text_bytes) {
    if (sentiment_of_ != nullptr && !row_.comment.empty()) add_sentiment();
    if (error_types_.wanted() && !row_.error_message.empty()) add_error_type();
    const bool named = !row_.id.empty();
    if (text_bytes > longest_) {
      longest_ = text_bytes;
      rows_expected_ = std::min(kRowsExpectedMax, body_.size() / longest_);
    }
    json::append_row(row_, named ? row_.id : uuids_.next(limits_.now_ms), rows_expected_,
                     decoded_.batch);
  }

  /// The comment's, where none is given.
  void add_sentiment() {
    constexpr std::size_t kAt = model::index(model::Number::sentiment);
    if ((row_.numbers_given & (1U << kAt)) != 0) return;
    const std::optional<double> sentiment = sentiment_of_(row_.comment);
    if (!sentiment) return;
    row_.numbers[kAt] = *sentiment;
    row_.numbers_given |= 1U << kAt;
  }

  /// The message's, where none is given.
  void add_error_type() {
    std::string_view& type = row_.labels[model::index(model::Label::error_type)];
    if (type.empty()) type = error_types_.of(row_.error_message);
  }

  simdjson::error_code parse(std::string_view text, json::Element& event) {
    if (text.size() > kEventBytesMax) return simdjson::CAPACITY;
    // The parser reads a little beyond the text: harmless inside the body, a copy at its end.
    const auto after = body_.data() + body_.size() - (text.data() + text.size());
    const bool copy = static_cast<std::size_t>(after) < simdjson::SIMDJSON_PADDING;
    const simdjson::error_code error = parser_.parse(text.data(), text.size(), copy).get(event);
    if (error != simdjson::NUMBER_ERROR) return error;
    const auto rewritten = json::rewrite_big_numbers(text);
    return rewritten ? parser_.parse(*rewritten).get(event) : error;
  }

  void refuse(Refusal refusal) {
    ++decoded_.rejected;
    if (decoded_.refusals.size() < kRefusalsMax) decoded_.refusals.push_back(std::move(refusal));
  }

  Decoded finish() {
    json::finish_columns(decoded_.batch);
    return std::move(decoded_);
  }

  static Decoded broken(std::uint64_t item, std::string_view reason) {
    Decoded nothing;
    nothing.broken = true;
    nothing.rejected = 1;
    nothing.refusals.push_back({item, {}, std::string(reason)});
    return nothing;
  }

  std::string_view body_;
  const TimeLimits& limits_;
  simdjson::dom::parser& parser_;
  json::PlainReader& plain_;
  json::Row& row_;
  UuidGenerator& uuids_;
  SentimentOf* const sentiment_of_;
  ErrorTypes error_types_;
  std::size_t longest_ = 0;        ///< event so far
  std::size_t rows_expected_ = 0;  ///< were all as long as that
  const bool utf8_;                ///< all of it, which is cheaper to learn than event by event
  Decoded decoded_;
  json::EventReader reader_{limits_, decoded_};
};

}  // namespace

struct ExecutionDecoder::State {
  UuidGenerator uuids;
  SentimentOf* sentiment_of;
  ErrorTypeOf error_type_of;
  simdjson::dom::parser parser;
  json::PlainReader plain;
  json::Row row;
};

ExecutionDecoder::ExecutionDecoder() : ExecutionDecoder(UuidGenerator()) {}
ExecutionDecoder::ExecutionDecoder(UuidGenerator uuids, SentimentOf* sentiment_of,
                                   ErrorTypeOf error_type_of)
    : state_(new State{
          uuids, sentiment_of, std::move(error_type_of), simdjson::dom::parser(), {}, {}}) {}
ExecutionDecoder::~ExecutionDecoder() = default;
ExecutionDecoder::ExecutionDecoder(ExecutionDecoder&&) noexcept = default;
ExecutionDecoder& ExecutionDecoder::operator=(ExecutionDecoder&&) noexcept = default;

Decoded ExecutionDecoder::decode(std::string_view body, Framing framing, const TimeLimits& limits) {
  Decoding decoding(body, limits, state_->parser, state_->plain, state_->row, state_->uuids,
                    state_->sentiment_of, state_->error_type_of);
  Decoded decoded = framing == Framing::ndjson ? std::move(decoding).take_lines()
                                               : std::move(decoding).take_body();
  if (state_->parser.capacity() > kParserBytes) state_->parser = simdjson::dom::parser();
  return decoded;
}

}  // namespace vitals::wire
