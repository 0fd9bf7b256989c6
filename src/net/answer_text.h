#pragma once

#include <string>
#include <string_view>

#include <vitals/net/message.h>

#include "content_encoder.h"

namespace vitals::net {

/// How an answer is sent, decided by its request and the connection.
struct AnswerPlan {
  bool keep_alive = false;
  bool head = false;  ///< to a HEAD request: everything but the body
  ContentCoding coding = ContentCoding::identity;
};

/// Whether an answer gains from being compressed: text of at least `bytes_min`, not coded yet.
bool is_compressible(const Response& response, std::size_t bytes_min);

/// Whether the status allows a body (RFC 9110 section 6.4.1).
bool may_have_body(int status);

/// Status line and header, to the empty line. Control characters in the handler's header values
/// become spaces, so that no value can start a line of its own.
std::string answer_head(const Response& response, std::size_t content_length,
                        const AnswerPlan& plan, bool varies_by_coding, std::string_view date);

/// IMF-fixdate of RFC 9110 section 5.6.7, as "Sun, 06 Nov 1994 08:49:37 GMT".
std::string http_date(std::int64_t time_s);

}  // namespace vitals::net
