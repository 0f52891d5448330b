// Feeds bytes to the HTTP guards as a connection would: all at once and in two pieces. What must hold for every input:
// pieces make no difference; what the guards accept, Beast accepts, with the same framing; a body ends where both say.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "libs/base/invariant.hpp"
#include "libs/net/chunk_guard.hpp"
#include "libs/net/head_guard.hpp"
#include "libs/net/request_parser.hpp"

namespace {

using namespace orderflow::net;

constexpr std::size_t max_body = 4096;
const HttpLimits limits;

void check_body(std::string_view bytes, RequestParser& parser, std::size_t cut) {
    ChunkGuard whole(limits, max_body);
    const auto progress = whole.advance(bytes);

    ChunkGuard pieces(limits, max_body);
    pieces.advance(bytes.substr(0, cut));
    ORDERFLOW_INVARIANT(pieces.advance(bytes) == progress);
    ORDERFLOW_INVARIANT(pieces.accepted() == whole.accepted());
    if (progress == Progress::refused) return;

    const auto used = parser.put_body(bytes.substr(0, whole.accepted()));
    ORDERFLOW_INVARIANT(used.has_value());
    ORDERFLOW_INVARIANT(parser.done() == (progress == Progress::complete));
    if (parser.done()) ORDERFLOW_INVARIANT(*used == whole.accepted());
    ORDERFLOW_INVARIANT(parser.body().size() <= max_body);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const std::string_view bytes(reinterpret_cast<const char*>(data + 1), size - 1);
    const auto cut = std::min<std::size_t>(data[0], bytes.size());

    HeadGuard whole(limits);
    const auto progress = whole.advance(bytes);
    HeadGuard pieces(limits);
    pieces.advance(bytes.substr(0, cut));
    ORDERFLOW_INVARIANT(pieces.advance(bytes) == progress);
    if (progress == Progress::refused) ORDERFLOW_INVARIANT(pieces.refusal() == whole.refusal());
    if (progress != Progress::complete) return 0;

    RequestParser parser;
    ORDERFLOW_INVARIANT(parser.put_head(bytes.substr(whole.begin(), whole.size() - whole.begin())));
    ORDERFLOW_INVARIANT(parser.chunked() == whole.facts().chunked);
    ORDERFLOW_INVARIANT(parser.content_length() == whole.facts().content_length);
    if (whole.facts().chunked) check_body(bytes.substr(whole.size()), parser, cut);
    return 0;
}
