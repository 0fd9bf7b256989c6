#pragma once

#include <memory>

#include <vitals/net/message.h>

namespace vitals::net {

class Connection;
class Worker;

/// The Respond of one request: brings the first answer to the connection's thread, wherever it is
/// called, and drops later ones. When the last copy goes away without an answer, the client gets a
/// 500 instead of waiting for ever. Safe to keep beyond the connection and the server.
Respond make_respond(std::shared_ptr<Worker> worker, std::weak_ptr<Connection> connection);

}  // namespace vitals::net
