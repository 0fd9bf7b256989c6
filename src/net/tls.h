#pragma once

#include <memory>
#include <string>

#include <boost/asio/ssl/context.hpp>

#include <vitals/base/result.h>

namespace vitals::net {

/// A server context for TLS 1.2 and 1.3 with forward secrecy and authenticated ciphers only (no
/// CBC: LUCKY13). Errors: invalid_argument when certificate or key cannot be used.
Result<std::unique_ptr<boost::asio::ssl::context>> make_tls_context(
    const std::string& certificate_chain_file, const std::string& key_file);

}  // namespace vitals::net
