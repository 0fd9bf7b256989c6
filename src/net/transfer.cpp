#include "transfer.h"

#include <mutex>
#include <string_view>
#include <utility>

#include "characters.h"

namespace vitals::net {
namespace {

bool is_http_url(std::string_view url) {
  const std::string_view scheme = url.substr(0, url.find("://"));
  return equals_ignoring_case(scheme, "http") || equals_ignoring_case(scheme, "https");
}

}  // namespace

void set_up_curl() {
  static std::once_flag once;
  std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
}

Status check(const ClientRequest& request) {
  if (request.mail) return check_mail(request);
  if (!is_http_url(request.url)) {
    return Error{Errc::invalid_argument, "The URL is not one of http or https."};
  }
  if (!is_token(request.method)) {
    return Error{Errc::invalid_argument, "The method is not a token."};
  }
  for (const auto& [name, value] : request.headers) {
    if (!is_token(name) || !all_of(value_characters, value)) {
      return Error{Errc::invalid_argument, "A header cannot be sent: " + name};
    }
  }
  return {};
}

Transfer::Transfer(Handle handle, ClientRequest request)
    : request_(std::move(request)), headers_(header_list(request_)), handle_(std::move(handle)) {
  set_up();
}

Transfer::List Transfer::header_list(const ClientRequest& request) {
  // No surprises: libcurl would ask for 100-continue, and call every body a form.
  List list(curl_slist_append(nullptr, "Expect:"));
  if (!request.body.empty()) list.reset(curl_slist_append(list.release(), "Content-Type:"));
  for (const auto& [name, value] : request.headers) {
    std::string line = name;
    line.append(value.empty() ? ";" : ": ").append(value);
    list.reset(curl_slist_append(list.release(), line.c_str()));
  }
  return list;
}

void Transfer::set_up() {
  CURL* const curl = handle_.get();
  curl_easy_setopt(curl, CURLOPT_URL, request_.url.c_str());
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(curl, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  // A name server that hangs must not hold up who gives up waiting for it.
  curl_easy_setopt(curl, CURLOPT_QUICK_EXIT, 1L);
  curl_easy_setopt(curl, CURLOPT_PROXY, "");  // an environment must not redirect our calls
  curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, static_cast<long>(request_.timeout_ms));
  curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(request_.timeout_ms));
  curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers_.get());
  curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, detail_);
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, &on_body);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, this);
  curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, &on_header);
  curl_easy_setopt(curl, CURLOPT_HEADERDATA, this);
  if (!request_.ca_file.empty()) curl_easy_setopt(curl, CURLOPT_CAINFO, request_.ca_file.c_str());
  if (request_.mail) {
    mailing_.emplace(request_).set_up(curl);
  } else {
    set_up_http();
  }
}

void Transfer::set_up_http() {
  CURL* const curl = handle_.get();
  const bool has_body = !request_.body.empty() || request_.method == "POST" ||
                        request_.method == "PUT" || request_.method == "PATCH";
  if (request_.method == "HEAD") {
    curl_easy_setopt(curl, CURLOPT_NOBODY, 1L);
    return;
  }
  if (has_body) {
    curl_easy_setopt(curl, CURLOPT_POST, 1L);
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, request_.body.data());
    curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE,
                     static_cast<curl_off_t>(request_.body.size()));
  }
  curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, request_.method.c_str());
}

std::size_t Transfer::on_body(char* data, std::size_t, std::size_t bytes, void* user) {
  auto& transfer = *static_cast<Transfer*>(user);
  if (transfer.answer_.body.size() + bytes > transfer.request_.answer_bytes_max) {
    transfer.too_large_ = true;
    return 0;  // ends the transfer
  }
  transfer.answer_.body.append(data, bytes);
  return bytes;
}

std::size_t Transfer::on_header(char* data, std::size_t, std::size_t bytes, void* user) {
  auto& transfer = *static_cast<Transfer*>(user);
  auto& headers = transfer.answer_.headers;
  std::string_view line(data, bytes);
  while (!line.empty() && (line.back() == '\n' || line.back() == '\r')) line.remove_suffix(1);
  if (transfer.mailing_) {
    transfer.answer_.body = line;
    return bytes;
  }
  if (line.substr(0, 5) == "HTTP/") {
    headers.clear();  // what came before was an interim answer
    return bytes;
  }
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos) return bytes;
  std::string name(line.substr(0, colon));
  for (char& c : name) c = lower(c);
  headers.emplace(std::move(name), std::string(trim(line.substr(colon + 1))));
  return bytes;
}

Result<ClientAnswer> Transfer::finish(CURLcode code) {
  long status = 0;
  curl_easy_getinfo(handle_.get(), CURLINFO_RESPONSE_CODE, &status);
  curl_easy_reset(handle_.get());  // forgets the options, keeps the connections
  const bool answered = mailing_ && Mailing::is_answer(code, status);
  if (code != CURLE_OK && !answered) return error_of(code);
  answer_.status = static_cast<int>(status);
  return std::move(answer_);
}

Error Transfer::error_of(CURLcode code) const {
  if (too_large_) return {Errc::resource_exhausted, "The answer is too large."};
  const std::string message = detail_[0] != '\0' ? detail_ : curl_easy_strerror(code);
  switch (code) {
    case CURLE_URL_MALFORMAT:
    case CURLE_UNSUPPORTED_PROTOCOL:
      return {Errc::invalid_argument, message};
    case CURLE_OPERATION_TIMEDOUT:
      return {Errc::deadline_exceeded, message};
    case CURLE_SEND_ERROR:
    case CURLE_RECV_ERROR:
    case CURLE_GOT_NOTHING:
    case CURLE_PARTIAL_FILE:
      return {Errc::io, message};
    default:
      return {Errc::unavailable, message};
  }
}

}  // namespace vitals::net
