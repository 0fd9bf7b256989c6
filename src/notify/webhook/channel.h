#pragma once

#include <string>

#include "../channel.h"
#include "message.h"

namespace vitals::notify::webhook {

/// Our own JSON, signed by Standard Webhooks 1.0.
class WebhookChannel final : public Channel {
 public:
  explicit WebhookChannel(Receiver receiver) : receiver_(std::move(receiver)) {}

  Result<net::ClientRequest> request(const Message& message, TimeMs now) const override {
    const Notice& notice = message.notices.front();
    const std::string body = body_of(notice.alert, to_string(notice.event), message.created_at);
    return request_for(receiver_, message.id, body, now);
  }

 private:
  Receiver receiver_;
};

}  // namespace vitals::notify::webhook
