#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <vitals/base/clock.h>
#include <vitals/base/uuid.h>
#include <vitals/wire/decoded.h>

namespace vitals::wire {

/// Bounds on an event's time that depend on the moment and the configuration.
struct TimeLimits {
  TimeMs now_ms = 0;                         ///< arrival; the default time
  DurationMs future_max_ms = 10LL * 60'000;  ///< later than now by more: refused
  TimeMs oldest_ms = 0;                      ///< older: refused (raw retention; 0 for backfill)
};

enum class Framing : std::uint8_t { json, ndjson };

/// −1…1, or nothing where a comment says nothing. Called by decode().
using SentimentOf = std::optional<double>(std::string_view comment);

/// What is kept of a comment, without what it says of people; "" for nothing. Called by decode().
using KeptOf = std::string(std::string_view comment);

/// What is made of comments.
struct Comments {
  SentimentOf* sentiment_of = nullptr;  ///< null: a comment has none that is not given
  KeptOf* kept_of = nullptr;            ///< null: comments are dropped
};

/// The class of an error whose message is given and whose type is not; "" where there is none.
/// Called by decode(), once for equal messages of a body as far as they are short and few.
using ErrorTypeOf = std::function<std::string(std::string_view message)>;

/// One event's JSON may be this long. It bounds the parser's memory, about 14 times as much.
inline constexpr std::size_t kEventBytesMax = 1U << 20U;

/// A tag or parameter may be this long, the latter as minified JSON.
inline constexpr std::size_t kAttributeBytesMax = 1024;

/// Decodes executions in the native JSON shape (03-api.md) into columns. Keeps its buffers between
/// calls, so use one per thread. Not thread-safe.
///
/// What the contract leaves open is decided so:
/// - a byte order mark at the start of the body is skipped;
/// - a field given as null is absent, and so is an empty text (`id` and `prompt` may not be empty);
/// - a field given twice is refused;
/// - whole numbers may be written 5.0, and 1e999 is a number out of range, not broken JSON;
/// - texts that are stored must not contain NUL;
/// - error.message is checked and not kept, of one without a type `error_type_of` is asked for one;
///   of feedback.comment becomes what Comments says, an attribute model::kCommentKey of its row;
/// - an event longer than kEventBytesMax is refused, in an array with the whole body.
class ExecutionDecoder {
 public:
  ExecutionDecoder();
  /// A generator with a seed gives a fixed sequence of assigned ids, for tests.
  explicit ExecutionDecoder(UuidGenerator uuids, Comments comments = {},
                            ErrorTypeOf error_type_of = nullptr);
  ~ExecutionDecoder();
  ExecutionDecoder(ExecutionDecoder&&) noexcept;
  ExecutionDecoder& operator=(ExecutionDecoder&&) noexcept;

  /// `json` takes one object or an array; `ndjson` one object per line, empty lines skipped.
  Decoded decode(std::string_view body, Framing framing, const TimeLimits& limits);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace vitals::wire
