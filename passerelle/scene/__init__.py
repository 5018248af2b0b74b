"""The network as one SVG scene: what to draw (`scene.py`), how (`scene.js`), in which ink (`scene.css`)."""

from passerelle.scene.scene import Scene, draw, network_scene

__all__ = ["Scene", "draw", "network_scene"]
