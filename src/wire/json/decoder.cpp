#include <algorithm>
#include <optional>
#include <string>
#include <unordered_map>

#include <simdjson.h>

#include <vitals/base/hash.h>
#include <vitals/model/signal.h>
#include <vitals/wire/json.h>

#include "attributes.h"
#include "event_reader.h"
#include "framed_body.h"
#include "plain_reader.h"

namespace vitals::wire {
namespace {

/// Columns get room for at most so many rows before they need it.
constexpr std::size_t kRowsExpectedMax = 16U << 10U;

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
class Decoding final : public json::ItemTaker {
 public:
  Decoding(std::string_view body, const TimeLimits& limits, simdjson::dom::parser& parser,
           json::PlainReader& plain, json::Row& row, UuidGenerator& uuids, const Comments& comments,
           const ErrorTypeOf& error_type_of)
      : body_(body),
        limits_(limits),
        parser_(body, parser),
        plain_(plain),
        row_(row),
        uuids_(uuids),
        comments_(comments),
        error_types_(error_type_of),
        utf8_(simdjson::validate_utf8(body)) {}

  Decoded decode(Framing framing) {
    if (auto why = json::take_items(body_, framing, *this)) return broken(*std::move(why));
    json::finish_columns(decoded_.batch);
    return std::move(decoded_);
  }

  simdjson::error_code take(std::string_view text, std::uint64_t item) override {
    if (utf8_ && text.size() <= kEventBytesMax && plain_.read(text, limits_, row_)) {
      append(text.size());
      return simdjson::SUCCESS;
    }
    json::Element event;
    const simdjson::error_code error = parser_.parse(text, event);
    if (error != simdjson::SUCCESS) return error;
    if (reader_.read(event, row_)) {
      append(text.size());
    } else {
      reader_.problem().item = item;
      refuse(std::move(reader_.problem()));
    }
    return simdjson::SUCCESS;
  }

  void refuse(Refusal refusal) override {
    ++decoded_.rejected;
    if (decoded_.refusals.size() < kRefusalsMax) decoded_.refusals.push_back(std::move(refusal));
  }

 private:
  void append(std::size_t text_bytes) {
    if (!row_.comment.empty()) read_comment();
    if (error_types_.wanted() && !row_.error_message.empty()) add_error_type();
    const bool named = !row_.id.empty();
    if (text_bytes > longest_) {
      longest_ = text_bytes;
      rows_expected_ = std::min(kRowsExpectedMax, body_.size() / longest_);
    }
    json::append_row(row_, named ? row_.id : uuids_.next(limits_.now_ms), rows_expected_,
                     decoded_.batch);
  }

  void read_comment() {
    if (comments_.sentiment_of != nullptr) add_sentiment();
    if (comments_.kept_of == nullptr) return;
    const std::string kept = comments_.kept_of(row_.comment);
    if (!kept.empty()) json::add_pair({}, model::kCommentKey, kept, row_.pair_ends.size(), row_);
  }

  /// The comment's, where none is given.
  void add_sentiment() {
    constexpr std::size_t kAt = model::index(model::Number::sentiment);
    if ((row_.numbers_given & (1U << kAt)) != 0) return;
    const std::optional<double> sentiment = comments_.sentiment_of(row_.comment);
    if (!sentiment) return;
    row_.numbers[kAt] = *sentiment;
    row_.numbers_given |= 1U << kAt;
  }

  /// The message's, where none is given.
  void add_error_type() {
    std::string_view& type = row_.labels[model::index(model::Label::error_type)];
    if (type.empty()) type = error_types_.of(row_.error_message);
  }

  static Decoded broken(Refusal why) {
    Decoded nothing;
    nothing.broken = true;
    nothing.rejected = 1;
    nothing.refusals.push_back(std::move(why));
    return nothing;
  }

  std::string_view body_;
  const TimeLimits& limits_;
  json::ItemParser parser_;
  json::PlainReader& plain_;
  json::Row& row_;
  UuidGenerator& uuids_;
  const Comments& comments_;
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
  Comments comments;
  ErrorTypeOf error_type_of;
  simdjson::dom::parser parser;
  json::PlainReader plain;
  json::Row row;
};

ExecutionDecoder::ExecutionDecoder() : ExecutionDecoder(UuidGenerator()) {}
ExecutionDecoder::ExecutionDecoder(UuidGenerator uuids, Comments comments,
                                   ErrorTypeOf error_type_of)
    : state_(
          new State{uuids, comments, std::move(error_type_of), simdjson::dom::parser(), {}, {}}) {}
ExecutionDecoder::~ExecutionDecoder() = default;
ExecutionDecoder::ExecutionDecoder(ExecutionDecoder&&) noexcept = default;
ExecutionDecoder& ExecutionDecoder::operator=(ExecutionDecoder&&) noexcept = default;

Decoded ExecutionDecoder::decode(std::string_view body, Framing framing, const TimeLimits& limits) {
  Decoding decoding(body, limits, state_->parser, state_->plain, state_->row, state_->uuids,
                    state_->comments, state_->error_type_of);
  Decoded decoded = decoding.decode(framing);
  json::shrink(state_->parser);
  return decoded;
}

}  // namespace vitals::wire
