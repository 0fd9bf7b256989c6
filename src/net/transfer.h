#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include <curl/curl.h>

#include <vitals/net/client.h>

#include "mail.h"

namespace vitals::net {

struct HandleDeleter {
  void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
};
/// An easy handle of libcurl.
using Handle = std::unique_ptr<CURL, HandleDeleter>;

/// libcurl's own set-up, once per process.
void set_up_curl();

/// Whether the request can be sent at all. Errors: invalid_argument.
Status check(const ClientRequest& request);

/// One call on one easy handle, which points into it: it must stay where it is.
class Transfer {
 public:
  Transfer(Handle handle, ClientRequest request);
  Transfer(const Transfer&) = delete;
  Transfer& operator=(const Transfer&) = delete;

  CURL* handle() const { return handle_.get(); }
  /// What came of it. The handle can be used anew, and keeps its connections.
  Result<ClientAnswer> finish(CURLcode code);
  Handle release() { return std::move(handle_); }

 private:
  struct ListDeleter {
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
  };
  using List = std::unique_ptr<curl_slist, ListDeleter>;

  static std::size_t on_body(char* data, std::size_t, std::size_t bytes, void* user);
  static std::size_t on_header(char* data, std::size_t, std::size_t bytes, void* user);
  static List header_list(const ClientRequest& request);
  void set_up();
  void set_up_http();
  Error error_of(CURLcode code) const;

  const ClientRequest request_;
  const List headers_;
  std::optional<Mailing> mailing_;
  ClientAnswer answer_;
  bool too_large_ = false;
  char detail_[CURL_ERROR_SIZE] = "";
  Handle handle_;  ///< goes first: it points to the others
};

}  // namespace vitals::net
