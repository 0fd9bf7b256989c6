#include "answer.h"

namespace vitals::api {
namespace {

int status_of(Errc code) {
  switch (code) {
    case Errc::invalid_argument:
      return 400;
    case Errc::not_found:
      return 404;
    case Errc::already_exists:
      return 409;
    case Errc::unprocessable:
      return 422;
    case Errc::permission_denied:
      return 403;
    case Errc::unavailable:
    case Errc::resource_exhausted:
    case Errc::deadline_exceeded:
    case Errc::io:
      return 503;
    case Errc::corruption:
    case Errc::internal:
      return 500;
  }
  return 500;
}

}  // namespace

Json or_null(const std::optional<double>& value) { return value ? Json(*value) : Json(); }
Json text_or_null(const std::string& text) { return text.empty() ? Json() : Json(text); }

Json time_or_null(TimeMs time) { return time == 0 ? Json() : Json(time); }

const char* to_string(metrics::Direction direction) {
  switch (direction) {
    case metrics::Direction::higher_is_better:
      return "higher_is_better";
    case metrics::Direction::lower_is_better:
      return "lower_is_better";
    case metrics::Direction::neutral:
      return "neutral";
  }
  return "";
}

std::string to_text(const Json& document) {
  return document.dump(-1, ' ', false, Json::error_handler_t::replace);
}

net::Response json_answer(const Json& document, int status) {
  net::Response response;
  response.status = status;
  response.body = to_text(document) + '\n';
  return response;
}

net::Response problem(int status, std::string_view detail, const Json& members) {
  Json document = {{"type", "about:blank"},
                   {"title", reason_phrase(status)},
                   {"status", status},
                   {"detail", detail}};
  document.update(members);
  net::Response response = json_answer(document, status);
  response.content_type = "application/problem+json";
  if (status == 503 || status == 429) response.headers.emplace_back("Retry-After", "1");
  return response;
}

net::Response problem(int status, std::string_view detail) {
  return problem(status, detail, Json::object());
}

net::Response bad_parameter(std::string_view field, std::string_view reason) {
  return problem(400, std::string(field) + ": " + std::string(reason),
                 {{"errors", Json::array({{{"field", field}, {"reason", reason}}})}});
}

net::Response problem(const Error& error) { return problem(status_of(error.code), error.message); }

std::string_view reason_phrase(int status) {
  switch (status) {
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 408:
      return "Request Timeout";
    case 409:
      return "Conflict";
    case 411:
      return "Length Required";
    case 413:
      return "Content Too Large";
    case 414:
      return "URI Too Long";
    case 415:
      return "Unsupported Media Type";
    case 417:
      return "Expectation Failed";
    case 422:
      return "Unprocessable Content";
    case 429:
      return "Too Many Requests";
    case 431:
      return "Request Header Fields Too Large";
    case 500:
      return "Internal Server Error";
    case 501:
      return "Not Implemented";
    case 503:
      return "Service Unavailable";
    case 505:
      return "HTTP Version Not Supported";
    default:
      return "Error";
  }
}

}  // namespace vitals::api
