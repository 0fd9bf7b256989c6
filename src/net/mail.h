#pragma once

#include <cstddef>
#include <memory>

#include <curl/curl.h>

#include <vitals/net/client.h>

namespace vitals::net {

/// A request's mail on its way through libcurl, which points into it: both must stay where they
/// are.
class Mailing {
 public:
  /// `request.mail` is set.
  explicit Mailing(const ClientRequest& request);

  void set_up(CURL* curl);

  /// Whether the server said no, rather than that there was no server to speak to.
  static bool is_answer(CURLcode code, long status);

 private:
  struct ListDeleter {
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
  };
  static std::size_t on_read(char* to, std::size_t, std::size_t bytes, void* user);

  const ClientRequest& request_;
  std::unique_ptr<curl_slist, ListDeleter> recipients_;
  std::size_t sent_ = 0;  ///< bytes of the body
};

/// Whether it can be sent at all. Errors: invalid_argument.
Status check_mail(const ClientRequest& request);

}  // namespace vitals::net
