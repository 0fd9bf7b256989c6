#include "server.h"

#include <nlohmann/json.hpp>

namespace vitals::cli {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::uint64_t kAnswerBytesMax = 1ULL << 30;

std::string member_of(const Json& document, const char* member) {
  const auto found = document.find(member);
  return found != document.end() && found->is_string() ? found->get<std::string>() : "";
}

}  // namespace

Server::Server(net::Client& client, std::string url, std::string token)
    : client_(client), url_(std::move(url)), token_(std::move(token)) {
  while (!url_.empty() && url_.back() == '/') url_.pop_back();
}

Result<net::ClientAnswer> Server::call(net::ClientRequest request) {
  request.answer_bytes_max = kAnswerBytesMax;
  if (!token_.empty()) request.headers.emplace_back("Authorization", "Bearer " + token_);
  auto answer = client_.call(request);
  if (answer || answer.error().code != Errc::unavailable) return answer;
  return Error{Errc::unavailable,
               "no daemon answers at " + url_ + " (" + answer.error().message +
                   ").\nStart one with 'vitalsd' or 'systemctl start vitalsd', or name another "
                   "with --url or VITALS_URL."};
}

Result<std::string> Server::get(const std::string& path_and_query) {
  net::ClientRequest request;
  request.url = url_ + path_and_query;
  request.timeout_ms = kTimeoutMs;
  auto answer = call(std::move(request));
  if (!answer) return answer.error();
  if (answer->status != 200) return explain(*answer);
  return std::move(answer->body);
}

Result<net::ClientAnswer> Server::post(const std::string& path_and_query,
                                       std::string_view content_type, std::string body,
                                       DurationMs timeout_ms) {
  net::ClientRequest request;
  request.method = "POST";
  request.timeout_ms = timeout_ms;
  request.url = url_ + path_and_query;
  request.headers.emplace_back("Content-Type", content_type);
  request.body = std::move(body);
  return call(std::move(request));
}

Result<net::ClientAnswer> Server::erase(const std::string& path) {
  net::ClientRequest request;
  request.method = "DELETE";
  request.timeout_ms = kTimeoutMs;
  request.url = url_ + path;
  return call(std::move(request));
}

Error explain(const net::ClientAnswer& answer) {
  std::string message = "the daemon answered " + std::to_string(answer.status);
  const Json document = Json::parse(answer.body, nullptr, false);
  if (document.is_object()) {
    const std::string title = member_of(document, "title");
    const std::string detail = member_of(document, "detail");
    if (!title.empty()) message += " " + title;
    if (!detail.empty()) message += ": " + detail;
  }
  if (answer.status == 401) message += " (give a token with --token-file or VITALS_TOKEN)";
  return {answer.status == 404 ? Errc::not_found : Errc::invalid_argument, message};
}

Result<Json> parse_document(std::string_view body) {
  Json document = Json::parse(body, nullptr, false);
  if (document.is_object()) return document;
  return Error{Errc::corruption, "this is no vitalsd: its answer is not JSON"};
}

}  // namespace vitals::cli
