#include "answer_text.h"

#include <array>
#include <ctime>

#include <boost/beast/http/status.hpp>
#include <fmt/format.h>

#include "characters.h"

namespace vitals::net {
namespace {

void append_field(std::string& out, std::string_view name, std::string_view value) {
  out.append(name).append(": ");
  for (const char c : value) {
    out += value_characters[static_cast<unsigned char>(c)] ? c : ' ';
  }
  out.append("\r\n");
}

bool has_field(const Response& response, std::string_view name) {
  for (const auto& field : response.headers) {
    if (equals_ignoring_case(field.first, name)) return true;
  }
  return false;
}

}  // namespace

bool may_have_body(int status) { return status >= 200 && status != 204 && status != 304; }

bool is_compressible(const Response& response, std::size_t bytes_min) {
  if (response.body.size() < bytes_min || has_field(response, "content-encoding")) return false;
  constexpr std::array<std::string_view, 6> texts{"text/",      "json", "xml",
                                                  "javascript", "yaml", "wasm"};
  for (const std::string_view text : texts) {
    if (response.content_type.find(text) != std::string::npos) return true;
  }
  return false;
}

std::string answer_head(const Response& response, std::size_t content_length,
                        const AnswerPlan& plan, bool varies_by_coding, std::string_view date) {
  namespace http = boost::beast::http;
  const auto status = static_cast<http::status>(response.status);
  const auto reason = http::obsolete_reason(status);
  std::string out;
  out.reserve(256);
  out.append("HTTP/1.1 ").append(std::to_string(response.status)).append(" ");
  out.append(reason.data(), reason.size()).append("\r\n");
  append_field(out, "Date", date);
  if (may_have_body(response.status)) {
    if (!response.content_type.empty()) append_field(out, "Content-Type", response.content_type);
    append_field(out, "Content-Length", std::to_string(content_length));
  }
  if (plan.coding != ContentCoding::identity) {
    append_field(out, "Content-Encoding", name_of(plan.coding));
  }
  if (varies_by_coding) append_field(out, "Vary", "Accept-Encoding");
  for (const auto& [name, value] : response.headers) {
    if (is_token(name)) append_field(out, name, value);
  }
  append_field(out, "Connection", plan.keep_alive ? "keep-alive" : "close");
  out.append("\r\n");
  return out;
}

std::string http_date(std::int64_t time_s) {
  constexpr std::array<std::string_view, 7> days{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array<std::string_view, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                    "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const std::time_t time = time_s;
  std::tm utc{};
  gmtime_r(&time, &utc);
  return fmt::format("{}, {:02} {} {} {:02}:{:02}:{:02} GMT",
                     days.at(static_cast<std::size_t>(utc.tm_wday)), utc.tm_mday,
                     months.at(static_cast<std::size_t>(utc.tm_mon)), utc.tm_year + 1900,
                     utc.tm_hour, utc.tm_min, utc.tm_sec);
}

}  // namespace vitals::net
