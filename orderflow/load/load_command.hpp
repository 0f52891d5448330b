// `orderflow load`: sends orders to a server and says what became of them.
#pragma once

#include <span>

#include "libs/base/clock.hpp"
#include "libs/base/entropy.hpp"

namespace orderflow {

// `arguments`: behind the word "load". The live line goes to stderr, the result to stdout. Exit code: 0 all went as it
// should, 1 it did not, 2 wrong command line. `clock` is the operating system's.
int run_load(std::span<const char* const> arguments, const Clock& clock, Entropy& entropy);

}  // namespace orderflow
