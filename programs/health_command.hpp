// `--health`: asks this program's own /healthz, for the health check of a container that has no client in it.
#pragma once

#include <string_view>

#include "libs/base/clock.hpp"
#include "libs/base/result.hpp"
#include "libs/base/settings.hpp"
#include "libs/net/listen_address.hpp"

namespace orderflow {

// Where a program that listens at `listen` is reached from its own machine: every address becomes the loopback's.
// invalid_input "health.no_port" for port 0, which only the running program knows.
Result<net::ListenAddress> health_address(const net::ListenAddress& listen);

// 200 within three seconds. unavailable "health.no_answer" or "health.bad", with what came, for people. Blocks.
Result<void> ask_health(const net::ListenAddress& address, const Clock& clock);

// The program listens where the variable `setting` says, else at `fallback`; no other setting is looked at. The exit
// code: 0, without a word; 1 when it is not well; 2 when the setting is wrong.
int run_health(std::string_view program, const Environment& environment, std::string_view setting,
               std::string_view fallback, const Clock& clock);

}  // namespace orderflow
