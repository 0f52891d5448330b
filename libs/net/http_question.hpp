// ask: one request and its answer, for a caller that has nothing else to do meanwhile, such as a command or a health
// check.
#pragma once

#include <cstddef>
#include <expected>
#include <string>

#include "libs/base/clock.hpp"
#include "libs/net/http_client.hpp"
#include "libs/net/listen_address.hpp"

namespace orderflow::net {

struct WholeAnswer {
    int status = 0;
    std::string body;
};

// Blocks until there is an answer or `within` has passed, then `late`. `request`: the bytes as they are sent.
std::expected<WholeAnswer, HttpFailure> ask(const ListenAddress& server, std::string request, const Clock& clock,
                                            BootClock::duration within, std::size_t answer_bytes_max);

}  // namespace orderflow::net
