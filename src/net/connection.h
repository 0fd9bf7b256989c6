#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include <vitals/net/message.h>

#include "answer_text.h"
#include "content_encoder.h"
#include "request_reader.h"
#include "stream.h"

namespace vitals::net {

class Worker;

/// One client's connection: reads a request, has it handled, writes the answer, and so on; closes
/// after a refusal. Lives on its worker's thread.
class Connection : public std::enable_shared_from_this<Connection> {
 public:
  Connection(Worker& worker, Stream::Socket socket);

  /// `served` is false for one connection too many: it gets a 503.
  void start(bool served);
  /// The handler's answer to the request in flight; nothing when it has lost the request.
  void answer(std::optional<Response> response);
  void check_deadline(std::int64_t now_ms);
  /// Closes if no request is in flight, otherwise after its answer.
  void drain();
  void close();

 private:
  enum class Phase { handshake, reading, handling, encoding, writing, closing, closed };

  void read();
  void on_read(bool failed, std::size_t bytes);
  std::int64_t read_deadline();
  void go_on();
  /// Brings the total of half received bodies up to date; false when it is too much with this one.
  bool account_body();
  void send_continue();
  void handle();
  void refuse(Refusal refusal);
  void send(Response response);
  void encode(std::size_t done_bytes);
  void write();
  void on_written(bool failed);
  void say_goodbye();
  void linger();

  /// The least time-out for `bytes` more since `started_ms`: no progress, or slower than the least
  /// rate.
  std::int64_t progress_deadline(std::int64_t started_ms, std::uint64_t bytes,
                                 std::int64_t timeout_ms) const;

  Worker& worker_;
  Stream stream_;
  std::string peer_;
  RequestReader reader_;
  Phase phase_ = Phase::reading;
  std::int64_t deadline_ms_ = 0;  ///< 0 is none
  bool timed_out_ = false;
  bool served_before_ = false;

  // Of the header or body that is being read, or the answer that is being written.
  std::int64_t stage_started_ms_ = 0;
  std::uint64_t stage_bytes_ = 0;
  bool stage_is_body_ = false;

  std::size_t accounted_body_bytes_ = 0;

  AnswerPlan plan_;
  Response response_;
  bool varies_by_coding_ = false;
  std::unique_ptr<ContentEncoder> encoder_;
  std::string encoded_;
  std::string head_;
};

}  // namespace vitals::net
