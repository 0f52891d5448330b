// orderflow import-products: a file of products, brought to a shop through its API.
#pragma once

#include <span>

#include "libs/base/clock.hpp"
#include "libs/base/entropy.hpp"
#include "libs/base/settings.hpp"

namespace orderflow {

// Reports on stdout, progress and errors on stderr. 0 when every row was taken (or would be); exit_failed when that is
// not known or not so as a whole; exit_bad_usage; 3 when rows were refused, or would be.
int run_import_products(std::span<const char* const> words, const Environment& environment, const Clock& clock,
                        Entropy& entropy);

}  // namespace orderflow
