#include "head_parser.h"

#include <limits>

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/basic_parser.hpp>

#include "characters.h"

namespace vitals::net {
namespace {

namespace http = boost::beast::http;
using boost::beast::error_code;
using BeastView = boost::beast::string_view;

constexpr std::size_t fields_usual = 8;

std::string lower_case(BeastView text) {
  std::string lowered(text.data(), text.size());
  for (char& c : lowered) c = lower(c);
  return lowered;
}

/// Hands Beast's findings straight to the request, without Beast's own field container between.
class HeadParser final : public http::basic_parser<true> {
 public:
  explicit HeadParser(Request& request) : request_(request) {
    header_limit(std::numeric_limits<std::uint32_t>::max());  // find_head_end() has limited it
    body_limit(boost::none);
    request_.headers.reserve(fields_usual);
  }

 private:
  void on_request_impl(http::verb, BeastView method, BeastView, int, error_code&) override {
    request_.method.assign(method.data(), method.size());
  }
  void on_field_impl(http::field, BeastView name, BeastView value, error_code&) override {
    request_.headers.emplace_back(lower_case(name), std::string(value.data(), value.size()));
  }
  void on_header_impl(error_code&) override {}
  void on_body_init_impl(const boost::optional<std::uint64_t>&, error_code&) override {}
  void on_finish_impl(error_code&) override {}

  // Never called: bodies are not shown to Beast, nor are answers.
  void on_response_impl(int, BeastView, int, error_code&) override {}
  std::size_t on_body_impl(BeastView, error_code&) override { return 0; }
  void on_chunk_header_impl(std::uint64_t, BeastView, error_code&) override {}
  std::size_t on_chunk_body_impl(std::uint64_t, BeastView, error_code&) override { return 0; }

  Request& request_;
};

}  // namespace

std::optional<Refusal> parse_head(std::string_view head, const Framing& framing, Request& request) {
  HeadParser parser(request);
  error_code error;
  const std::size_t parsed = parser.put(boost::asio::buffer(head.data(), head.size()), error);
  if (error || !parser.is_header_done() || parsed != head.size()) {
    return Refusal{400, "The header is malformed."};
  }
  const auto length = parser.content_length();
  const bool agrees = parser.chunked() == framing.chunked &&
                      length.has_value() == framing.content_length.has_value() &&
                      (!length || *length == *framing.content_length);
  if (!agrees) return Refusal{400, "The length of the body is ambiguous."};
  return std::nullopt;
}

}  // namespace vitals::net
