#!/usr/bin/env bash
# Makes test/goldens/ from PyTorch: Debian's python3-torch (1.13), run with Debian's own python3.
set -euo pipefail
cd "$(dirname "$0")/.."
npx tsx scripts/golden-inputs.ts | /usr/bin/python3 scripts/goldens.py > test/goldens/ops.json
/usr/bin/python3 scripts/golden_training.py > test/goldens/training.json
/usr/bin/python3 scripts/golden_schedulers.py > test/goldens/schedulers.json
/usr/bin/python3 scripts/golden_promotion.py > test/goldens/promotion.json
/usr/bin/python3 scripts/golden_extremes.py > test/goldens/extremes.json
/usr/bin/python3 scripts/golden_views.py > test/goldens/views.json
/usr/bin/python3 scripts/golden_initialisation.py > test/goldens/initialisation.json
/usr/bin/python3 scripts/golden_files.py
/usr/bin/python3 -B scripts/golden_models.py > test/goldens/models.json
/usr/bin/python3 scripts/golden_loader.py > test/goldens/loader.json
/usr/bin/python3 scripts/golden_parity.py test/goldens/parity
/usr/bin/python3 scripts/golden_transforms.py > test/goldens/transforms.json
