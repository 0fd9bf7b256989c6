#include <mutex>

#include <vitals/net/client.h>

#include "transfer.h"

namespace vitals::net {
namespace {

/// Keeps idle easy handles, and with each its open connections, for the next call of any thread.
class CurlClient final : public Client {
 public:
  Result<ClientAnswer> call(const ClientRequest& request) override {
    if (auto good = check(request); !good) return good.error();
    Handle handle = take();
    if (!handle) return Error{Errc::internal, "libcurl gives no handle."};
    Transfer transfer(std::move(handle), request);
    auto answer = transfer.finish(curl_easy_perform(transfer.handle()));
    give_back(transfer.release());
    return answer;
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

  std::mutex mutex_;
  std::vector<Handle> idle_;
};

}  // namespace

std::unique_ptr<Client> make_client() {
  set_up_curl();
  return std::make_unique<CurlClient>();
}

}  // namespace vitals::net
