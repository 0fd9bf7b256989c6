#include <algorithm>
#include <atomic>
#include <chrono>
#include <unordered_map>
#include <utility>

#include <vitals/net/calls.h>

#include "transfer.h"

namespace vitals::net {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

struct MultiDeleter {
  void operator()(CURLM* multi) const { curl_multi_cleanup(multi); }
};

/// On libcurl's multi interface, which also keeps the connections.
class CurlCalls final : public Calls {
 public:
  ~CurlCalls() override {
    for (const auto& [handle, call] : under_way_) curl_multi_remove_handle(multi_.get(), handle);
  }

  void start(std::uint64_t number, const ClientRequest& request) override {
    if (auto good = check(request); !good) {
      answered_.push_back({number, good.error()});
      return;
    }
    Handle handle(curl_easy_init());
    if (!handle || !multi_) {
      answered_.push_back({number, Error{Errc::internal, "libcurl gives no handle."}});
      return;
    }
    auto transfer = std::make_unique<Transfer>(std::move(handle), request);
    CURL* const key = transfer->handle();
    if (const CURLMcode code = curl_multi_add_handle(multi_.get(), key); code != CURLM_OK) {
      answered_.push_back({number, Error{Errc::internal, curl_multi_strerror(code)}});
      return;
    }
    under_way_.emplace(key, Call{number, std::move(transfer)});
  }

  std::vector<Answered> answered() override {
    move_on();
    return std::exchange(answered_, {});
  }

  void wait(DurationMs at_most_ms) override {
    const auto end = steady_clock::now() + milliseconds(at_most_ms);
    for (;;) {
      move_on();
      if (woken_.exchange(false) || !answered_.empty()) return;
      const auto left = std::chrono::ceil<milliseconds>(end - steady_clock::now()).count();
      if (left <= 0) return;
      curl_multi_poll(multi_.get(), nullptr, 0, static_cast<int>(std::min(left, kPollMaxMs)),
                      nullptr);
    }
  }

  void wake() override {
    woken_ = true;
    curl_multi_wakeup(multi_.get());
  }

 private:
  using Ms = milliseconds::rep;
  static constexpr Ms kPollMaxMs = 3'600'000;

  struct Call {
    std::uint64_t number;
    std::unique_ptr<Transfer> transfer;
  };

  /// Does what can be done without waiting, and collects what has ended.
  void move_on() {
    int running = 0;
    curl_multi_perform(multi_.get(), &running);
    int left = 0;
    while (const CURLMsg* message = curl_multi_info_read(multi_.get(), &left)) {
      const auto [handle, code] = std::pair(message->easy_handle, message->data.result);
      auto ended = under_way_.extract(handle);
      curl_multi_remove_handle(multi_.get(), handle);  // `message` is gone from here on
      Call& call = ended.mapped();
      answered_.push_back({call.number, call.transfer->finish(code)});
    }
  }

  std::unique_ptr<CURLM, MultiDeleter> multi_{curl_multi_init()};
  std::unordered_map<CURL*, Call> under_way_;
  std::vector<Answered> answered_;
  std::atomic<bool> woken_{false};
};

}  // namespace

std::unique_ptr<Calls> make_calls() {
  set_up_curl();
  return std::make_unique<CurlCalls>();
}

}  // namespace vitals::net
