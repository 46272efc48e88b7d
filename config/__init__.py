"""Settings, environment and addresses of the product."""

import warnings

# The embedded server's library looks for a desktop's folder for its lock; a server has none.
warnings.filterwarnings("ignore", message="XDG_RUNTIME_DIR")
