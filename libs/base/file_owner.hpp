// What root makes among the files of another user is that user's: commands of an operator run as root, and the program
// that they are for does not.
#pragma once

#include <filesystem>

namespace orderflow {

// Gives an open file to the owner and group of `model`: the file that it takes the place of, or else its directory.
// Does nothing for another user than root, or when there is no `model`: who cannot read it then will say so.
void give_to_owner_of(const std::filesystem::path& model, int file) noexcept;

}  // namespace orderflow
