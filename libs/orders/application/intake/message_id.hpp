// Ids of messages: 128 random bits in hexadecimal, unlike any other that was ever made.
#pragma once

#include <string>

#include "libs/base/entropy.hpp"

namespace orderflow::orders {

std::string new_message_id(Entropy& entropy);

}  // namespace orderflow::orders
