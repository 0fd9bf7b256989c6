#include "content_decoder.h"

#include <algorithm>
#include <array>

#include <zlib.h>
#include <zstd.h>

#include "characters.h"

namespace vitals::net {
namespace {

constexpr std::size_t step_bytes = 64 << 10;
constexpr int zstd_window_log_max = 23;  // 8 MiB, RFC 9659 section 3
constexpr Refusal too_large{413, "The decompressed body is too large."};
constexpr Refusal out_of_memory{503, "There is no memory to decompress the body."};

/// Makes room for the next step at the end of `body`; false when the limit is reached. One byte
/// beyond the limit is room, so that a body of exactly the limit passes.
bool make_room(std::string& body, std::size_t used, std::size_t body_bytes_max) {
  if (used > body_bytes_max) return false;
  body.resize(used + std::min(step_bytes, body_bytes_max + 1 - used));
  return true;
}

class GzipDecoder final : public ContentDecoder {
 public:
  GzipDecoder() { ready_ = inflateInit2(&stream_, 15 + 16) == Z_OK; }
  ~GzipDecoder() override {
    if (ready_) inflateEnd(&stream_);
  }
  GzipDecoder(const GzipDecoder&) = delete;
  GzipDecoder& operator=(const GzipDecoder&) = delete;

  std::optional<Refusal> decode(std::string_view piece, std::size_t body_bytes_max,
                                std::string& body) override {
    if (!ready_) return out_of_memory;
    // zlib only reads from next_in, though its type says otherwise.
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(piece.data()));
    stream_.avail_in = static_cast<uInt>(piece.size());
    bool full = false;
    while (stream_.avail_in > 0 || full) {
      if (at_member_end_ && stream_.avail_in > 0) {  // members may follow one another (RFC 1952)
        if (inflateReset(&stream_) != Z_OK) return out_of_memory;
        at_member_end_ = false;
      }
      const std::size_t used = body.size();
      if (!make_room(body, used, body_bytes_max)) return too_large;
      stream_.next_out = reinterpret_cast<Bytef*>(body.data() + used);
      stream_.avail_out = static_cast<uInt>(body.size() - used);
      const int result = inflate(&stream_, Z_NO_FLUSH);
      full = stream_.avail_out == 0;
      body.resize(body.size() - stream_.avail_out);
      at_member_end_ = result == Z_STREAM_END;
      if (at_member_end_) full = false;
      if (result == Z_BUF_ERROR) break;  // it has taken all there is
      if (result != Z_OK && result != Z_STREAM_END) return Refusal{400, "The body is not gzip."};
    }
    if (body.size() > body_bytes_max) return too_large;
    return std::nullopt;
  }

  std::optional<Refusal> finish() const override {
    if (!at_member_end_) return Refusal{400, "The gzip body is cut."};
    return std::nullopt;
  }

 private:
  z_stream stream_{};
  bool ready_ = false;
  bool at_member_end_ = false;
};

class ZstdDecoder final : public ContentDecoder {
 public:
  ZstdDecoder() : stream_(ZSTD_createDStream(), &ZSTD_freeDStream) {
    if (!stream_) return;
    const auto set =
        ZSTD_DCtx_setParameter(stream_.get(), ZSTD_d_windowLogMax, zstd_window_log_max);
    if (ZSTD_isError(set) != 0) stream_.reset();
  }

  std::optional<Refusal> decode(std::string_view piece, std::size_t body_bytes_max,
                                std::string& body) override {
    if (!stream_) return out_of_memory;
    ZSTD_inBuffer in{piece.data(), piece.size(), 0};
    bool full = false;
    while (in.pos < in.size || full) {
      const std::size_t used = body.size();
      if (!make_room(body, used, body_bytes_max)) return too_large;
      ZSTD_outBuffer out{body.data() + used, body.size() - used, 0};
      frame_rest_ = ZSTD_decompressStream(stream_.get(), &out, &in);
      full = out.pos == out.size && frame_rest_ != 0;
      body.resize(used + out.pos);
      if (ZSTD_isError(frame_rest_) != 0) return Refusal{400, "The body is not zstd."};
    }
    if (body.size() > body_bytes_max) return too_large;
    return std::nullopt;
  }

  std::optional<Refusal> finish() const override {
    if (frame_rest_ != 0) return Refusal{400, "The zstd body is cut."};
    return std::nullopt;
  }

 private:
  std::unique_ptr<ZSTD_DStream, decltype(&ZSTD_freeDStream)> stream_;
  std::size_t frame_rest_ = 1;  ///< 0 at the end of a frame; an empty body has none and is cut
};

}  // namespace

std::optional<Refusal> make_content_decoder(std::string_view content_encoding,
                                            std::unique_ptr<ContentDecoder>& decoder) {
  const std::string_view coding = trim(content_encoding);
  if (coding.empty() || equals_ignoring_case(coding, "identity")) {
    decoder = nullptr;
  } else if (equals_ignoring_case(coding, "gzip") || equals_ignoring_case(coding, "x-gzip")) {
    decoder = std::make_unique<GzipDecoder>();
  } else if (equals_ignoring_case(coding, "zstd")) {
    decoder = std::make_unique<ZstdDecoder>();
  } else {
    return Refusal{415, "Only one content coding is taken, gzip or zstd."};
  }
  return std::nullopt;
}

}  // namespace vitals::net
