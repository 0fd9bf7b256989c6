#include "responder.h"

#include <atomic>
#include <optional>

#include <boost/asio/dispatch.hpp>

#include "connection.h"
#include "worker.h"

namespace vitals::net {
namespace {

class Responder {
 public:
  Responder(std::shared_ptr<Worker> worker, std::weak_ptr<Connection> connection)
      : worker_(std::move(worker)), connection_(std::move(connection)) {}
  ~Responder() { answer(std::nullopt); }
  Responder(const Responder&) = delete;
  Responder& operator=(const Responder&) = delete;

  void answer(std::optional<Response> response) {
    if (answered_.exchange(true)) return;
    // The queued call owns neither worker nor connection: nobody runs it after the server's end.
    boost::asio::dispatch(
        worker_->io(), [connection = std::move(connection_), sent = std::move(response)]() mutable {
          if (const auto alive = connection.lock()) alive->answer(std::move(sent));
        });
  }

 private:
  std::shared_ptr<Worker> worker_;
  std::weak_ptr<Connection> connection_;
  std::atomic<bool> answered_{false};
};

}  // namespace

Respond make_respond(std::shared_ptr<Worker> worker, std::weak_ptr<Connection> connection) {
  return [responder = std::make_shared<Responder>(std::move(worker), std::move(connection))](
             Response response) { responder->answer(std::move(response)); };
}

}  // namespace vitals::net
