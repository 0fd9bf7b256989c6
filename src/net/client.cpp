#include <mutex>

#include <curl/curl.h>

#include <vitals/net/client.h>

#include "characters.h"

namespace vitals::net {
namespace {

struct HandleDeleter {
  void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
};
struct ListDeleter {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using Handle = std::unique_ptr<CURL, HandleDeleter>;
using List = std::unique_ptr<curl_slist, ListDeleter>;

/// What libcurl's callbacks fill while a call runs.
struct Receiver {
  ClientAnswer answer;
  std::uint64_t bytes_max;
  bool too_large = false;
};

std::size_t on_body(char* data, std::size_t, std::size_t bytes, void* user) {
  auto& receiver = *static_cast<Receiver*>(user);
  if (receiver.answer.body.size() + bytes > receiver.bytes_max) {
    receiver.too_large = true;
    return 0;  // ends the transfer
  }
  receiver.answer.body.append(data, bytes);
  return bytes;
}

std::size_t on_header(char* data, std::size_t, std::size_t bytes, void* user) {
  auto& receiver = *static_cast<Receiver*>(user);
  std::string_view line(data, bytes);
  while (!line.empty() && (line.back() == '\n' || line.back() == '\r')) line.remove_suffix(1);
  if (line.substr(0, 5) == "HTTP/") {
    receiver.answer.headers.clear();  // what came before was an interim answer
    return bytes;
  }
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos) return bytes;
  std::string name(line.substr(0, colon));
  for (char& c : name) c = lower(c);
  receiver.answer.headers.emplace(std::move(name), std::string(trim(line.substr(colon + 1))));
  return bytes;
}

/// Called about every second, and whenever bytes move; not 0 ends the transfer.
int on_progress(void* user, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  return *static_cast<const std::atomic<bool>*>(user) ? 1 : 0;
}

Error interrupted() { return {Errc::unavailable, "The call was interrupted: no more are made."}; }

Error error_of(CURLcode code, const Receiver& receiver, const char* detail) {
  if (receiver.too_large) return {Errc::resource_exhausted, "The answer is too large."};
  const std::string message = detail[0] != '\0' ? detail : curl_easy_strerror(code);
  switch (code) {
    case CURLE_URL_MALFORMAT:
    case CURLE_UNSUPPORTED_PROTOCOL:
      return {Errc::invalid_argument, message};
    case CURLE_OPERATION_TIMEDOUT:
      return {Errc::deadline_exceeded, message};
    case CURLE_ABORTED_BY_CALLBACK:
      return interrupted();
    case CURLE_SEND_ERROR:
    case CURLE_RECV_ERROR:
    case CURLE_GOT_NOTHING:
    case CURLE_PARTIAL_FILE:
      return {Errc::io, message};
    default:
      return {Errc::unavailable, message};
  }
}

bool is_http_url(std::string_view url) {
  const std::string_view scheme = url.substr(0, url.find("://"));
  return equals_ignoring_case(scheme, "http") || equals_ignoring_case(scheme, "https");
}

Status check(const ClientRequest& request) {
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

List header_list(const ClientRequest& request) {
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

void set_up(CURL* curl, const ClientRequest& request, const curl_slist* headers) {
  curl_easy_setopt(curl, CURLOPT_URL, request.url.c_str());
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(curl, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_PROXY, "");  // an environment must not redirect our calls
  curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, static_cast<long>(request.timeout_ms));
  curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(request.timeout_ms));
  curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
  if (!request.ca_file.empty()) curl_easy_setopt(curl, CURLOPT_CAINFO, request.ca_file.c_str());
  const bool has_body = !request.body.empty() || request.method == "POST" ||
                        request.method == "PUT" || request.method == "PATCH";
  if (request.method == "HEAD") {
    curl_easy_setopt(curl, CURLOPT_NOBODY, 1L);
  } else if (has_body) {
    curl_easy_setopt(curl, CURLOPT_POST, 1L);
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, request.body.data());
    curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE,
                     static_cast<curl_off_t>(request.body.size()));
  }
  if (request.method != "HEAD") {
    curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, request.method.c_str());
  }
}

/// Keeps idle easy handles, and with each its open connections, for the next call of any thread.
class CurlClient final : public Client {
 public:
  explicit CurlClient(const std::atomic<bool>* interrupted) : interrupted_(interrupted) {}

  Result<ClientAnswer> call(const ClientRequest& request) override {
    if (auto good = check(request); !good) return good.error();
    if (interrupted_ != nullptr && *interrupted_) return interrupted();
    Handle handle = take();
    if (!handle) return Error{Errc::internal, "libcurl gives no handle."};
    const List headers = header_list(request);
    Receiver receiver{{}, request.answer_bytes_max};
    char detail[CURL_ERROR_SIZE] = "";
    set_up(handle.get(), request, headers.get());
    curl_easy_setopt(handle.get(), CURLOPT_ERRORBUFFER, detail);
    curl_easy_setopt(handle.get(), CURLOPT_WRITEFUNCTION, &on_body);
    curl_easy_setopt(handle.get(), CURLOPT_WRITEDATA, &receiver);
    curl_easy_setopt(handle.get(), CURLOPT_HEADERFUNCTION, &on_header);
    curl_easy_setopt(handle.get(), CURLOPT_HEADERDATA, &receiver);
    if (interrupted_ != nullptr) {
      curl_easy_setopt(handle.get(), CURLOPT_NOPROGRESS, 0L);
      curl_easy_setopt(handle.get(), CURLOPT_XFERINFOFUNCTION, &on_progress);
      // libcurl's callbacks take what is not const; this one only reads.
      curl_easy_setopt(handle.get(), CURLOPT_XFERINFODATA,
                       const_cast<std::atomic<bool>*>(interrupted_));
    }
    const CURLcode code = curl_easy_perform(handle.get());
    long status = 0;
    curl_easy_getinfo(handle.get(), CURLINFO_RESPONSE_CODE, &status);
    curl_easy_reset(handle.get());  // forgets the options, keeps the connections
    give_back(std::move(handle));
    if (code != CURLE_OK) return error_of(code, receiver, detail);
    receiver.answer.status = static_cast<int>(status);
    return std::move(receiver.answer);
  }

 private:
  static constexpr std::size_t idle_max = 16;

  Handle take() {
    const std::lock_guard lock(mutex_);
    if (idle_.empty()) return Handle(curl_easy_init());
    Handle handle = std::move(idle_.back());
    idle_.pop_back();
    return handle;
  }

  void give_back(Handle handle) {
    const std::lock_guard lock(mutex_);
    if (idle_.size() < idle_max) idle_.push_back(std::move(handle));
  }

  const std::atomic<bool>* interrupted_;
  std::mutex mutex_;
  std::vector<Handle> idle_;
};

}  // namespace

std::unique_ptr<Client> make_client(const std::atomic<bool>* interrupted) {
  static std::once_flag once;  // libcurl's own set-up, once per process
  std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
  return std::make_unique<CurlClient>(interrupted);
}

}  // namespace vitals::net
